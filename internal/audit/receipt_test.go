package audit_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"onelondon/internal/audit"
	"onelondon/internal/testkit"
)

func TestAReceiptIsReadBackFromItsText(t *testing.T) {
	receipt := appendAll(t, open(t, path(t)), access(number(t, "9434765919"), "req"))[0]
	again, err := audit.ParseReceipt(receipt.String())
	if err != nil || again != receipt {
		t.Errorf("%v became %v (%v)", receipt, again, err)
	}
	for _, bad := range []string{"", "1", "1:", ":" + receipt.Hash.String(), "-1:" + receipt.Hash.String(), "1:" + strings.Repeat("x", 64), "1:" + receipt.Hash.String() + "0"} {
		if _, err := audit.ParseReceipt(bad); err == nil {
			t.Errorf("%q was taken for a receipt", bad)
		}
	}
}

func TestAKeyNeverPrints(t *testing.T) {
	logger, logs := testkit.Logs(t)
	logger.Info("key", "key", key)
	fmt.Fprintf(io.MultiWriter(logs), "%v %+v %#v %s %x", key, key, key, key, key)
	for _, mark := range []string{"010203", "1 2 3", "1, 2, 3", "0x1"} {
		if logs.Contains(mark) {
			t.Errorf("%q was printed", mark)
		}
	}
}

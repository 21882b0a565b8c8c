-- +goose Up
CREATE TABLE log_entry (
	sequence bigint PRIMARY KEY CHECK (sequence > 0),
	person   bytea,
	body     bytea NOT NULL,
	hash     bytea NOT NULL
);
CREATE INDEX log_entry_person ON log_entry (person, sequence) WHERE person IS NOT NULL;
CREATE TABLE log_head (
	one      smallint PRIMARY KEY CHECK (one = 1),
	sequence bigint NOT NULL,
	hash     bytea NOT NULL,
	proof    bytea NOT NULL
);
CREATE TABLE log_origin (
	one     smallint PRIMARY KEY CHECK (one = 1),
	purpose text NOT NULL,
	chain   bytea NOT NULL,
	proof   bytea NOT NULL
);
-- Its one row is there until the log is born, and a log is born once.
CREATE TABLE log_unborn (one smallint PRIMARY KEY CHECK (one = 1));
INSERT INTO log_unborn VALUES (1);

-- Against accidents; against malice there is the chain.
-- +goose StatementBegin
CREATE FUNCTION log_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'entries are never changed or deleted';
END $$;
-- +goose StatementEnd
CREATE TRIGGER log_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON log_entry
	FOR EACH STATEMENT EXECUTE FUNCTION log_entry_stays();

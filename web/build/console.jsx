// The console: GraphiQL with the two headers this server wants, and nothing kept in the browser.
import { StrictMode, useEffect, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { GraphiQL } from 'graphiql';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import 'graphiql/style.css';
import './console.css';

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const name = label === 'json' || label === 'graphql' ? label : 'editor';
    return new Worker(`console/${name}.worker.js`);
  },
};

// Questions name people. GraphiQL would keep them in the browser's storage; here they end with the page.
function forgetful() {
  const kept = new Map();
  return {
    get length() { return kept.size; },
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  };
}

const EXAMPLE = `# One person's record, from every system that knows them.
# Paste a token into Headers below, then run. Ctrl-Space completes, Ctrl-Enter runs.
query Chart($nhsNumber: NHSNumber!) {
  patient(nhsNumber: $nhsNumber) {
    demographics { familyName givenName birthDate }
    allergies { nodes { code { code display text } status provenance { source } } }
    conditions(first: 10) {
      nodes { code { code display text } date status provenance { source organisation { name } } }
      sources { name outcome records }
    }
    receipt { purpose relationship reasons withheldKinds }
  }
}
`;

const headersFor = (who) => JSON.stringify({
  Authorization: `Bearer ${who?.token ?? 'PASTE-A-TOKEN-HERE'}`,
  'X-Purpose-Of-Use': who?.purpose ?? 'TREAT',
}, null, 2);

function Console({ demo }) {
  const [at, setAt] = useState(0);
  const query = useRef(demo?.query ?? EXAMPLE);
  const variables = useRef(JSON.stringify(demo?.variables ?? { nhsNumber: '' }, null, 2));
  const storage = useMemo(forgetful, [at]);
  const headers = headersFor(demo?.callers[at]);
  const fetcher = useMemo(() => createGraphiQLFetcher({ url: 'graphql', headers: JSON.parse(headers) }), [headers]);
  return (
    <>
      {demo && (
        <label className="asker">
          Ask as{' '}
          <select id="asker" value={at} onChange={(event) => setAt(Number(event.target.value))}>
            {demo.callers.map((who, i) => <option key={who.name} value={i}>{who.title}</option>)}
          </select>
        </label>
      )}
      <GraphiQL
        key={at}
        fetcher={fetcher}
        storage={storage}
        shouldPersistHeaders={false}
        initialQuery={query.current}
        initialVariables={variables.current}
        initialHeaders={headers}
        defaultHeaders={headers}
        defaultEditorToolsVisibility="variables"
        onEditQuery={(text) => { query.current = text; }}
        onEditVariables={(text) => { variables.current = text; }}
      >
        <GraphiQL.Logo>OneLondon</GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}

function Page() {
  const [demo, setDemo] = useState(undefined);
  useEffect(() => {
    fetch('console/demo.json').then((answer) => (answer.ok ? answer.json() : null)).then(setDemo, () => setDemo(null));
  }, []);
  return demo === undefined ? null : <Console demo={demo} />;
}

createRoot(document.getElementById('console')).render(<StrictMode><Page /></StrictMode>);

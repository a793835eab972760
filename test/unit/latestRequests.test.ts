import assert from "node:assert/strict";
import { test } from "node:test";
import { CancellationTokenSource } from "vscode-languageserver";
import { LatestRequests } from "../../src/server/latestRequests.js";

const uri = "file:///a.ts";

test("a newer request for a document cancels the older one, and no request for another document", () => {
  const requests = new LatestRequests();
  const client = new CancellationTokenSource().token;
  const [other, older, newer] = [
    requests.begin("file:///b.ts", client),
    requests.begin(uri, client),
    requests.begin(uri, client),
  ];
  assert.deepEqual(
    [other, older, newer].map(({ token, outdated }) => [token.isCancellationRequested, outdated]),
    [
      [false, undefined],
      [true, "superseded"],
      [false, undefined],
    ],
  );
});

test("a request is outdated for the reason that came first, unless the client cancelled it", () => {
  const requests = new LatestRequests();
  const clients = [
    new CancellationTokenSource(),
    new CancellationTokenSource(),
    new CancellationTokenSource(),
  ] as const;
  const changed = requests.begin(uri, clients[0].token);
  requests.changed(uri);
  requests.changed("file:///b.ts");
  const unloaded = requests.begin(uri, clients[1].token);
  requests.cancelAll();
  requests.changed(uri);
  const cancelled = requests.begin(uri, clients[2].token);
  requests.changed(uri);
  clients[2].cancel();
  assert.deepEqual(
    [changed, unloaded, cancelled].map(({ token, outdated }) => [token.isCancellationRequested, outdated]),
    [
      [true, "textChanged"],
      [true, undefined],
      [true, undefined],
    ],
  );
});

test("the requests are busy until the latest request of each document has ended", () => {
  const requests = new LatestRequests();
  const client = new CancellationTokenSource().token;
  const older = requests.begin(uri, client);
  const newer = requests.begin(uri, client);
  older.end();
  assert.equal(requests.isBusy, true);
  newer.end();
  assert.equal(requests.isBusy, false);
});

test("a request of a client that has already cancelled it is cancelled from the start", () => {
  const client = new CancellationTokenSource();
  client.cancel();
  assert.equal(new LatestRequests().begin(uri, client.token).token.isCancellationRequested, true);
});

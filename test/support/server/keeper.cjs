// A process of its own that owns the embedded server: it makes the scratch directory, runs what it is told to run
// (initdb, then postgres), and when its parent goes away, however it goes, stops the server and removes the directory.
// The parent's end shows as a closed IPC channel, which the kernel sees to even after `kill -9`. Being the leader of
// its own session, the keeper is out of reach of a Ctrl-C meant for the parent. Plain JavaScript: no loader needed.
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const directory = process.argv[2];
/** How to stop a postmaster, politest first: fast, immediate, kill; and how long each may take, in milliseconds. */
const STOPS = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

let child;
let stopping = false;

function tell(message) {
  if (process.connected) process.send(message, () => {});
}

/** Runs one program as the leader of a process group, so that initdb's own children are stopped with it. */
function run({ id, command, args, env, uid, gid }) {
  if (stopping) return;
  const log = fs.openSync(path.join(directory, 'log'), 'a');
  child = spawn(command, args, { cwd: directory, env, uid, gid, detached: true, stdio: ['ignore', log, log] });
  fs.closeSync(log);
  const running = child;
  const ended = (outcome) => {
    if (child === running) child = undefined;
    tell({ id, ...outcome });
  };
  child.once('error', (error) => ended({ error: error.message }));
  child.once('exit', (code, signal) => ended({ code, signal }));
}

function exited(milliseconds) {
  return new Promise((resolve) => {
    const deadline = setTimeout(resolve, milliseconds);
    child.once('exit', () => {
      clearTimeout(deadline);
      resolve();
    });
  });
}

async function finish() {
  if (stopping) return;
  stopping = true;
  for (const [signal, patience] of STOPS) {
    if (!child?.pid) break;
    const gone = exited(patience);
    try {
      process.kill(-child.pid, signal);
    } catch {
      child.kill(signal); // no process groups here, or the group has gone this instant
    }
    await gone;
  }
  fs.rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  process.exit(0);
}

process.on('message', run);
process.on('disconnect', finish);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, finish);

fs.mkdirSync(directory, { mode: 0o700 });
tell({ id: 0, code: 0 });
if (!process.connected) finish();

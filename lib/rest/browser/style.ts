/** The style of the pages, for light and dark surroundings. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c1917; --soft: #57534e; --paper: #fafaf9; --card: #ffffff; --rim: #d6d3d1; --wash: #f5f5f4;
  --link: #1d4ed8; --act: #b45309; --on-act: #ffffff; --bad: #be123c; --on-bad: #ffffff; --good: #15803d; --old: #ffe4e6; --new: #dcfce7; --focus: #1d4ed8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f5f5f4; --soft: #b8b2ad; --paper: #171412; --card: #231f1c; --rim: #44403c; --wash: #2a2522;
    --link: #93c5fd; --act: #f59e0b; --on-act: #1c1917; --bad: #fb7185; --on-bad: #1c1917; --good: #4ade80; --old: #4c1d24; --new: #14361f; --focus: #93c5fd; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: baseline; padding: .8rem max(1.5rem, calc((100% - 72rem) / 2)); border-bottom: 1px solid var(--rim); background: var(--card); }
header p { margin: 0; } .home a { font-weight: 650; color: var(--ink); text-decoration: none; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
nav a[aria-current] { color: var(--ink); font-weight: 650; text-decoration-thickness: 2px; }
main { max-width: 75rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; } main:focus { outline: none; }
p.path { margin: -.75rem 0 .5rem; font-size: .925rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; text-wrap: balance; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .6rem; }
h2 small, .lead, .by, .key, .none, .more, caption { color: var(--soft); font-weight: 400; } .lead { margin: 0 0 1.5rem; max-width: 46rem; }
a { color: var(--link); text-underline-offset: .18em; text-decoration-thickness: 1px; }
code { font: .875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--rim); border-radius: 10px; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; padding: .6rem 1rem; }
th, td { text-align: left; vertical-align: top; padding: .6rem 1rem; border-top: 1px solid var(--rim); overflow-wrap: anywhere; }
tr:first-child > * { border-top: 0; } caption + thead th { border-top: 1px solid var(--rim); }
thead th { font-size: .85rem; color: var(--soft); font-weight: 600; background: var(--wash); white-space: nowrap; }
tbody th { font-weight: 500; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; } time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.pick { width: 3rem; padding-right: 0; } input[type=checkbox] { width: 1.1rem; height: 1.1rem; margin: .2rem 0 0; accent-color: var(--act); }
.values th { width: 14rem; color: var(--soft); } .values bdi, .diff bdi { white-space: pre-wrap; }
.diff td { width: 42%; } .diff th { width: 16%; } .diff del, .diff ins { border-radius: 3px; padding: 0 .1em; } .diff del { background: var(--old); } .diff ins { background: var(--new); text-decoration-thickness: 1px; }
.version { margin: 1.5rem 0; } .version h2 { margin: 0; padding: .7rem 1rem 0; font-size: 1rem; } .version p { margin: 0; padding: 0 1rem .7rem; color: var(--soft); }
.tree, .tree ul { list-style: none; margin: 0; padding-left: 1.25rem; } .tree ul { border-left: 1px solid var(--rim); } .card > .tree { padding: .75rem 1rem; }
.tree li { padding: .15rem 0; overflow-wrap: anywhere; } .group { font-weight: 600; } .count { display: inline-block; min-width: 1.5rem; padding: 0 .4rem; border-radius: 1rem; background: var(--wash); border: 1px solid var(--rim); text-align: center; font-size: .85rem; }
.by { font-size: .875rem; } .more { font-size: .875rem; font-style: italic; } .tree .key { font-size: .875rem; }
form.find { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: 0 0 1rem; } label { display: block; font-size: .875rem; color: var(--soft); }
input[type=search], input[type=text], select { font: inherit; height: 2.4rem; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 7px; padding: .4rem .7rem; } input[type=search] { width: min(26rem, 70vw); }
button, .button { font: inherit; font-weight: 550; color: var(--ink); background: var(--card); border: 1px solid var(--soft); border-radius: 7px; padding: .4rem .9rem; cursor: pointer; text-decoration: none; display: inline-block; }
button:hover:not(:disabled) { background: var(--wash); }
button.act { color: var(--on-act); background: var(--act); border-color: var(--act); } button.bad { color: var(--on-bad); background: var(--bad); border-color: var(--bad); }
button.act:hover:not(:disabled), button.bad:hover:not(:disabled) { filter: brightness(.92); } button.act:hover:not(:disabled) { background: var(--act); } button.bad:hover:not(:disabled) { background: var(--bad); }
button:disabled, button.act:disabled { color: var(--soft); background: var(--card); border: 1px dashed var(--soft); cursor: default; }
.buttons { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; align-items: center; } nav.pages { display: flex; justify-content: space-between; margin: 1rem 0; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
dialog { width: min(46rem, calc(100vw - 2rem)); max-height: calc(100vh - 4rem); padding: 1.5rem; color: var(--ink); background: var(--paper); border: 1px solid var(--rim); border-radius: 12px; box-shadow: 0 20px 60px #0006; }
dialog::backdrop { background: #0c0a09aa; } dialog h2 { margin: 0 0 .5rem; font-size: 1.25rem; overflow-wrap: anywhere; } dialog h2:focus { outline: none; } dialog form label { margin-top: 1.2rem; } dialog h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
.notice { border-left: 4px solid var(--act); background: var(--card); padding: .6rem 1rem; border-radius: 0 7px 7px 0; } .notice.bad { border-color: var(--bad); } .notice.good { border-color: var(--good); }
.yes, .no { font-weight: 600; white-space: nowrap; } .yes { color: var(--good); } .no { color: var(--bad); } ul.plain { padding-left: 1.2rem; margin: .4rem 0; }
.skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 1; } .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[aria-busy=true] { cursor: progress; }
@media (max-width: 48rem) {
  main { padding: 1.25rem 1rem 3rem; } header { padding: .8rem 1rem; } dialog { padding: 1rem; } th, td { padding: .5rem .6rem; } thead th { white-space: normal; }
  .list th, .list td { min-width: 9rem; } .list .pick { min-width: 0; } .values th { width: 7rem; }
  .diff thead { position: absolute; clip-path: inset(50%); } .diff tr, .diff th, .diff td { display: block; width: auto; } .diff tr > * { border-top: 0; padding-block: .2rem; } .diff tr { border-top: 1px solid var(--rim); }
  .diff td::before { content: "Old: "; color: var(--soft); } .diff td:last-child::before { content: "New: "; }
}
`.trim();

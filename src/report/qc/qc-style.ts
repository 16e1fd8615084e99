/** Style of the review page, after the report's own. */
export const qcStyle = `
body { max-width: 1500px; padding: 16px 16px 60px; }
header p { max-width: 62rem; margin: .4rem 0; }
.tools { display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center; margin: .6rem 0; }
.tools input, .tools select, .tools button, .card button, .editor-head button { font: inherit; padding: .15rem .5rem; }
.tools input[type=number] { width: 5.5em; }
.tools #by { width: 11em; }
button { cursor: pointer; }
#count { color: var(--soft); }
#status { min-height: 1.6em; margin: .2rem 0; font-weight: 600; }
.keys p { margin: .2rem 0 .6rem; }
kbd { border: 1px solid var(--rule); border-radius: 3px; padding: 0 .35em; font: .85em ui-monospace, monospace; }
.swatch { display: inline-block; width: 1em; height: 1em; margin: 0 .3em -.12em .1em; border: 1px solid #555; }
#cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 14px; align-items: start; }
.card { border: 1px solid var(--line); border-top: 6px solid #009E73; border-radius: 4px; padding: .5rem .8rem .8rem; overflow-wrap: anywhere; scroll-margin-top: 1rem; }
.card.mild { border-top-color: #E69F00; }
.card.severe { border-top-color: #D55E00; }
.card[hidden] { display: none; }
.card:focus-visible, .card:focus { outline: 3px solid var(--link); outline-offset: 1px; }
.card h2 { font-size: 1.05rem; margin: 0 0 .4rem; border: 0; padding: 0; }
.card .kind { color: var(--soft); font-weight: 400; }
.state { float: right; font-size: .85rem; border-radius: 3px; padding: 0 .5em; }
.state[data-state=accept] { background: #00694d; color: #fff; }
.state[data-state=redo] { background: #E69F00; color: #000; }
.state[data-state=exclude] { background: var(--ink); color: var(--paper); }
.planes { display: flex; gap: 3px; background: #000; align-items: center; min-height: 4rem; }
.planes svg { min-width: 0; max-height: 15rem; }
.planes image { image-rendering: auto; }
.planes path { fill: none; stroke-width: 1.6px; vector-effect: non-scaling-stroke; }
.planes .bar { stroke: #fff; stroke-width: 2px; }
.planes .bar.under { stroke: #000; stroke-width: 4.5px; }
.flags { margin: .5rem 0 .3rem; padding: 0; list-style: none; font-size: .9rem; }
.flags li { border-left: 4px solid #E69F00; padding: 0 0 0 .5rem; margin: .25rem 0; line-height: 1.35; }
.flags li.severe { border-color: #D55E00; }
.flags li strong { display: block; }
.flags.none { color: var(--soft); }
.facts, .decided { color: var(--soft); font-size: .85rem; margin: .3rem 0; line-height: 1.4; }
.decided:empty { display: none; }
fieldset { border: 0; padding: 0; margin: .4rem 0 .5rem; min-width: 0; }
.choices { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
.reason { display: flex; gap: .5rem; align-items: center; margin-top: .3rem; }
.reason input { flex: 1; min-width: 0; font: inherit; padding: .15rem .4rem; }
.reason input[aria-invalid=true] { outline: 2px solid #D55E00; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
dialog#editor { box-sizing: border-box; width: min(1400px, 97vw); max-width: none; max-height: 97vh; padding: .6rem 1rem; }
.editor-head { display: flex; justify-content: space-between; align-items: center; gap: 1rem; }
.editor-head h2 { margin: 0; border: 0; font-size: 1.15rem; }
.canvas { height: min(58vh, 720px); background: #000; }
.canvas canvas { width: 100%; height: 100%; outline-offset: -2px; }
#where, #drawn { margin: .3rem 0; color: var(--soft); font-variant-numeric: tabular-nums; min-height: 1.5em; }
@media (max-width: 500px) { body { padding: 10px 8px 40px; } .card { padding: .4rem .5rem .6rem; } .tools { gap: .35rem .7rem; } dialog#editor { width: 100%; max-height: 100%; margin: 0; padding: .4rem; border: 0; } .canvas { height: 46vh; } }
@media print { .tools, .keys, fieldset, .card button { display: none; } .card { break-inside: avoid; } }
`;

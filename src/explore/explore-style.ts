/** Style of the page's own parts, beside the report's. */
export const exploreStyle = `
:root { --intra: #D55E00; --peri: #56B4E9; --fill: #9cc3dd; --mark: #B34700; --field: #fff; --press: #eef3f7; --focus: #0072B2; }
[hidden] { display: none !important; }
body.explore { max-width: 1420px; padding-top: 10px; }
.skip { position: absolute; left: -99em; }
.skip:focus { position: static; }
nav.pages { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .92rem; border-bottom: 1px solid var(--line); padding-bottom: .6rem; margin-bottom: 1rem; }
nav.pages a { margin: 0; text-decoration: none; }
nav.pages a:hover { text-decoration: underline; }
nav.pages a[aria-current] { color: var(--ink); font-weight: 600; }
.tag { color: var(--mark); border: 1px solid #D55E00; border-radius: 3px; padding: 0 .4em; margin-left: auto; }
.explore h1 { margin-bottom: .1rem; }
.explore h2 { margin: 0; border: 0; padding: 0; }
.explore .synthetic { padding: .35rem 1rem; }
.explore button, .explore select, .explore input, .file-button { font: inherit; font-size: .88rem; color: inherit; }
.explore button, .file-button { background: var(--press); border: 1px solid var(--line); border-radius: 4px; padding: .25rem .7rem; cursor: pointer; display: inline-block; }
.explore button:hover:not(:disabled), .file-button:hover { border-color: var(--link); }
.explore button:disabled { opacity: .5; cursor: default; }
.explore button.primary { background: #0067a0; border-color: #0067a0; color: #fff; }
.explore select, .explore input[type=number], .explore input[type=search] { background: var(--field); border: 1px solid var(--line); border-radius: 4px; padding: .15rem .35rem; }
.explore input[type=range], .explore input[type=checkbox], .explore input[type=radio] { accent-color: #0072B2; }
.explore :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.file-button { position: relative; overflow: hidden; }
.file-button input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
.file-button:focus-within { outline: 2px solid var(--focus); }
.tabs { display: flex; gap: .3rem; border-bottom: 2px solid var(--line); margin: 1rem 0; }
.tabs button { border: 0; background: none; border-radius: 0; padding: .5rem .9rem; margin-bottom: -2px; border-bottom: 3px solid transparent; font-size: .98rem; color: var(--soft); }
.tabs button[aria-selected=true] { color: var(--ink); border-bottom-color: var(--link); font-weight: 600; }
.source { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin-bottom: .6rem; }
.own { border: 1px dashed var(--soft); border-radius: 6px; padding: .3rem 1rem .8rem; margin-bottom: .8rem; }
.own-files { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: .4rem 1rem; margin-bottom: .5rem; }
.own-files input { max-width: 100%; }
body.dropping::after { content: 'Drop a scan and its mask'; position: fixed; inset: 1rem; border: 3px dashed var(--link); border-radius: 12px; background: color-mix(in srgb, var(--paper) 80%, transparent); display: grid; place-items: center; font-size: 1.6rem; z-index: 20; pointer-events: none; }
.problem { border-left: 5px solid #D55E00; background: var(--warn); padding: .5rem 1rem; overflow-wrap: anywhere; }
.work { display: grid; grid-template-columns: minmax(0, 30rem) minmax(0, 1fr); gap: 0 2.2rem; align-items: start; }
.viewer { display: grid; grid-template-columns: 2fr 1fr; grid-template-rows: auto auto; gap: .4rem; }
.viewer figure { margin: 0; overflow: visible; min-width: 0; }
.viewer .axial { grid-row: 1 / 3; }
.canvas { position: relative; background: #000; aspect-ratio: 1; border-radius: 3px; overflow: hidden; }
.canvas canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; cursor: crosshair; touch-action: pan-y; }
.canvas .mark { position: absolute; left: .4rem; bottom: .2rem; color: #ffb27a; font: 600 .7rem/1.4 ui-monospace, monospace; letter-spacing: .06em; text-shadow: 0 0 3px #000; pointer-events: none; }
.viewer figcaption { display: flex; gap: .4rem; align-items: center; font-size: .78rem; }
.viewer figcaption label { flex: 1; min-width: 0; display: flex; gap: .3rem; align-items: center; }
.viewer figcaption label span { flex: none; }
.viewer figcaption input { flex: 1; min-width: 0; width: 2rem; }
.viewer output { flex: none; min-width: 1.8em; text-align: right; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem .9rem; align-items: center; font-size: .85rem; margin-top: .5rem; }
.legend input[type=number] { width: 4.6em; }
.swatch { display: inline-block; width: .9em; height: .9em; margin: 0 .35em -.1em .15em; border: 1px solid #555; }
.settings fieldset, .own fieldset { border: 0; border-top: 1px solid var(--line); padding: .35rem 0 .3rem; margin: .4rem 0 0; min-width: 0; }
.settings legend, .own legend { font-weight: 600; font-size: .88rem; padding: 0 .5rem 0 0; }
.settings { font-size: .88rem; }
.choices { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; }
.choices.column { flex-direction: column; }
.check { display: block; margin: .15rem 0; }
.check select { max-width: 100%; }
.slider { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr) auto 1.8rem; gap: .5rem; align-items: center; min-height: 1.9rem; }
.slider input[type=number] { width: 4.6em; }
.slider output { font-variant-numeric: tabular-nums; min-width: 2.6em; text-align: right; }
.slider > button { grid-column: 3 / 5; }
.filters { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.4rem, 1fr)); gap: .1rem .6rem; }
.buttons { margin: .8rem 0; display: flex; flex-wrap: wrap; gap: .4rem; }
.result-head { position: sticky; top: 0; background: var(--paper); z-index: 5; padding-bottom: .4rem; border-bottom: 1px solid var(--line); }
#status, #lab-status { margin: .1rem 0 .3rem; font-size: .92rem; min-height: 1.5em; font-variant-numeric: tabular-nums; }
#status.busy::before, #deep-status.busy::before, #lab-status.busy::before { content: ''; display: inline-block; width: .7em; height: .7em; margin-right: .5em; border: 2px solid var(--line); border-top-color: var(--link); border-radius: 50%; animation: turn 1s linear infinite; }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { #status.busy::before, #deep-status.busy::before, #lab-status.busy::before { animation: none; } }
#agreement { font-size: .88rem; padding: .25rem .8rem; }
.result-tools { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
.result-tools input { width: 13em; }
.groups details { margin: .2rem 0; }
.groups details > summary { font-weight: 600; padding: .3rem 0; }
.groups summary small { font-weight: 400; color: var(--soft); }
table.features { width: 100%; table-layout: fixed; margin: 0 0 .6rem; }
table.features th, table.features td { padding: .22rem .5rem; vertical-align: middle; }
table.features td:first-child, table.features th:first-child { min-width: 0; width: auto; padding-left: 0; }
table.features col.value { width: 7.4rem; }
table.features col.cohort { width: 15.5rem; }
table.features col.selected { width: 5rem; }
table.features th { font-size: .8rem; font-weight: 600; color: var(--soft); border-bottom-width: 1px; }
table.features .class th { color: var(--ink); padding-top: .7rem; font-size: .88rem; }
table.features button.name { border: 0; background: none; padding: 0 0 0 1em; position: relative; text-align: left; overflow-wrap: anywhere; color: var(--link); font-size: .9rem; }
table.features button.name::before { content: '▸'; position: absolute; left: 0; color: var(--soft); }
table.features button.name[aria-expanded=true]::before { content: '▾'; }
.cohort-cell { display: flex; align-items: center; gap: .5rem; font-size: .8rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.cohort-cell svg { flex: none; width: 96px; height: 26px; overflow: visible; }
.cohort-cell path { fill: var(--fill); }
.cohort-cell line { stroke: var(--mark); stroke-width: 2; }
.cohort-cell.far span { color: var(--mark); font-weight: 600; }
tr.detail td { background: var(--box); padding: .5rem .8rem !important; white-space: normal; }
tr.detail math { font-size: 1.15em; }
tr.detail p { margin: .2rem 0; overflow-x: auto; }
.no-value { color: var(--soft); font-size: .8rem; white-space: normal; }
.lab-chart svg { width: 100%; height: auto; display: block; }
.lab-chart text { fill: var(--ink); font-size: 12px; }
.lab-chart text.soft { fill: var(--soft); }
.lab-chart .grid { stroke: var(--line); }
.lab-chart .half { stroke: var(--soft); stroke-dasharray: 4 3; }
.lab-chart .honest { fill: #0072B2; stroke: #0072B2; }
.lab-chart .leak-row { fill: #D55E00; stroke: #D55E00; }
.lab-chart circle { fill-opacity: .45; stroke: none; }
.leak { color: var(--mark); font-weight: 600; }
#deep-status { font-size: .92rem; font-variant-numeric: tabular-nums; }
.deep-tools { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
.deep-table { max-height: 24rem; overflow: auto; border: 1px solid var(--line); }
.deep-table table { width: 100%; margin: 0; font-variant-numeric: tabular-nums; }
.deep-table thead th { position: sticky; top: 0; background: var(--paper); }
.deep-table td, .deep-table thead th:not(:first-child) { text-align: right; }
.deep-table th { text-align: left; font-weight: 400; }
.deep-table td, .deep-table th { padding: .22rem .6rem; }
.intro { max-width: 52rem; }
#lab-verdict p { margin: .4rem 0; }
.inside { margin-top: 2rem; font-size: .9rem; }
.explore pre { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (min-width: 960px) {
  .left { position: sticky; top: .6rem; max-height: calc(100vh - 1.2rem); overflow-y: auto; overflow-x: hidden; padding: 2px .6rem 2px 2px; scrollbar-gutter: stable; }
}
@media (max-width: 959px) {
  .work { grid-template-columns: minmax(0, 1fr); gap: 1rem; }
}
@media (max-width: 600px) {
  .tabs button { padding: .5rem .45rem; font-size: .88rem; }
  table.features col.value { width: 5.2rem; }
  table.features col.cohort { width: 6.4rem; }
  table.features col.selected { width: 3.6rem; }
  table.features th { font-size: .74rem; }
  .cohort-cell { flex-direction: column; align-items: flex-start; gap: 0; }
  .cohort-cell svg { width: 84px; height: 22px; }
  table.features th, table.features td { padding: .25rem .25rem; }
  table.features button.name, table.features .n { font-size: .82rem; }
  #lab-table { font-size: .82rem; }
  #lab-table th, #lab-table td { padding: .3rem .3rem; white-space: normal; min-width: 0; }
  .result-head { position: static; }
  .deep-table { font-size: .82rem; }
  .deep-table td, .deep-table th { padding: .25rem; }
  .slider { grid-template-columns: 5.2rem minmax(0, 1fr) auto 1.4rem; }
}
@media screen and (prefers-color-scheme: dark) {
  .explore input[type=range], .explore input[type=checkbox], .explore input[type=radio] { accent-color: #6db8e8; }
  :root { --fill: #3f6a86; --mark: #ff9f5c; --field: #101214; --press: #262b31; --focus: #6db8e8; }
  .lab-chart .honest { fill: #6db8e8; stroke: #6db8e8; }
  .lab-chart .leak-row { fill: #ff9f5c; stroke: #ff9f5c; }
}
`;

/** The style that report, site, review and evaluation pages share: one column to read, wide tables scroll, small screens, dark, prints well. */
export const reportStyle = `
:root { color-scheme: light; --paper: #fff; --ink: #222; --soft: #555; --line: #ddd; --row: #e4e4e4; --box: #f6f6f6; --link: #0072B2; --warn: #fdf1ea; --note: #fff8e8; --info: #eff6fb; --fine: #eaf6f2; --edge: #222; --alarm: #B34700; --rule: #999; }
body { font: 16px/1.55 "Open Sans", Helvetica, Arial, sans-serif; color: var(--ink); background: var(--paper); max-width: 1120px; margin: 0 auto; padding: 24px 20px 80px; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
h4 { font-size: .95rem; margin: 1.1rem 0 .2rem; }
nav a { margin-right: 1.1em; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.lead { color: var(--soft); margin: 0 0 1rem; }
.small { color: var(--soft); font-size: .85rem; margin: .3rem 0; }
.synthetic, .notice { border-left: 5px solid #D55E00; background: var(--warn); padding: .6rem 1rem; margin: .6rem 0; }
.left-out { border-left: 5px solid var(--edge); background: var(--box); padding: .6rem 1rem; margin: .6rem 0; }
.left-out p { margin: .3rem 0; overflow-wrap: anywhere; }
.assumptions { border-left: 5px solid #0072B2; background: var(--info); padding: .6rem 1rem; margin: .6rem 0; }
.assumptions td { overflow-wrap: anywhere; }
.notice { border-color: #E69F00; background: var(--note); }
.good { border-left: 5px solid #009E73; background: var(--fine); padding: .4rem 1rem; margin: .4rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .6rem 0 1rem; font-size: .9rem; }
caption { caption-side: bottom; text-align: left; color: var(--soft); padding-top: .4rem; }
th, td { padding: .35rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--row); }
th { border-bottom: 2px solid var(--rule); vertical-align: bottom; }
th[scope=row] { font-weight: inherit; border-bottom: 1px solid var(--row); vertical-align: top; }
th.n { white-space: normal; min-width: 5.2em; }
td:first-child, th[scope=row] { min-width: 8em; }
details { margin: .5rem 0; }
summary { cursor: pointer; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td small, th small { color: var(--soft); display: block; }
a.trace { color: inherit; text-decoration: underline dotted var(--rule); text-underline-offset: 3px; }
dialog { width: 76rem; max-width: 92vw; border: 1px solid var(--rule); padding: 1rem 1.4rem; color: inherit; background: var(--paper); }
dialog h3 { margin-top: 0; }
dialog td { font-size: .85rem; white-space: nowrap; }
dialog td:first-child, dialog th[scope=row] { min-width: 0; }
dialog td:last-child { white-space: normal; overflow-wrap: anywhere; }
figure { margin: 1.4rem 0; overflow-x: auto; }
figcaption { color: var(--soft); font-size: .9rem; max-width: 60rem; }
code, pre { font: .85rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
pre { background: var(--box); padding: .8rem 1rem; overflow-x: auto; }
code { overflow-wrap: anywhere; }
.answer { border: 2px solid var(--edge); border-radius: 6px; padding: .4rem 1.1rem .7rem; margin: 0 0 1.4rem; }
.answer .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 2rem; }
.answer h2 { font-size: 1.05rem; margin: .8rem 0 .2rem; border: 0; }
.answer .question { margin: 0; }
.answer .number { font-size: 1.9rem; line-height: 1.2; font-weight: 600; margin: .5rem 0 0; font-variant-numeric: tabular-nums; }
.answer .interval { white-space: nowrap; }
.answer .number .interval { font-size: 1.05rem; font-weight: 400; }
.answer .left-out { font-size: .85rem; padding: .25rem .8rem; }
.answer .left-out details, .answer .left-out p { margin: .1rem 0; }
.answer dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .6rem 0; font-variant-numeric: tabular-nums; }
.answer dt { color: var(--soft); }
.answer dd { margin: 0; }
.answer dd small { color: var(--soft); display: block; }
.answer .sentence { margin: .5rem 0 .3rem; }
.report-contents { margin: 0 0 1rem; font-size: .9rem; }
.report-contents strong { margin-right: 1em; }
.report-contents ol, .report-contents li { display: inline; list-style: none; margin: 0; padding: 0; }
.report-contents li { margin-right: 1em; }
.report-contents ol ol { display: none; }
.report-contents a { margin: 0; text-decoration: none; }
.report-contents a:hover { text-decoration: underline; }
.references { font-size: .9rem; padding-left: 1.6rem; }
#methods p { max-width: 46rem; }
@media (max-width: 600px) {
  body { padding: 14px 12px 60px; font-size: 15px; }
  h1 { font-size: 1.35rem; }
  .answer { padding: .3rem .8rem .6rem; }
  .answer dl { grid-template-columns: 1fr; gap: 0; }
  .answer dd { margin: 0 0 .4rem; }
  th, td { padding: .3rem .45rem; }
  td:first-child, th[scope=row] { min-width: 6em; }
  /* A caption as wide as its table could only be read by scrolling. */
  .scroll caption { position: sticky; left: 0; width: calc(100vw - 26px); max-width: 100vw; }
  .answer .scroll caption, details .scroll caption { width: calc(100vw - 3.4rem); }
  /* Names stay in sight while numbers scroll. */
  .report-text > section > .scroll :is(th, td):first-child { position: sticky; left: 0; background: var(--paper); }
  .assumptions, .notice, .synthetic, .left-out, .good { padding: .5rem .7rem; }
}
@media print {
  html { font-size: 12px; }
  nav, dialog, button { display: none; }
  body { padding: 0; font-size: 1rem; max-width: none; }
  figure, tr, .card { break-inside: avoid; }
  h2, h3, h4, caption { break-after: avoid; }
  .scroll, figure { overflow: visible; }
  table { font-size: 8.5px; }
  th, td { padding: .2rem .35rem; }
  th.n, td:first-child, th[scope=row] { min-width: 0; }
  td:not(.n), code { overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  .plot { zoom: min(1, calc(680 / var(--width))) !important; }
}
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --paper: #171717; --ink: #e4e4e2; --soft: #a9adb2; --line: #3a3e44; --row: #30343a; --box: #202429; --link: #6db8e8; --warn: #3a2317; --note: #352b15; --info: #17293a; --fine: #12302a; --edge: #8b9199; --alarm: #ff9d5c; --rule: #777d84; }
  /* Figures are drawn on white: inverted, with the hues turned back. Scans stay as they are: dark is dark in them. */
  .plot:not(.scan) { filter: invert(.91) hue-rotate(180deg); }
}
`;

/** The report as a page of its own: contents at the side. */
export const reportPageStyle = `
body.report-page { max-width: 1340px; }
@media (min-width: 1080px) {
  .report { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); gap: 0 2.2rem; align-items: start; }
  .report-contents { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; }
  .report-contents ol, .report-contents ol ol { display: block; margin: .2rem 0; }
  .report-contents li { display: list-item; margin: .15rem 0; }
  .report-contents ol ol { padding-left: .9rem; font-size: .8rem; }
}
@media print {
  .report { display: block; }
  .report-contents { display: none; }
}
`;

/** The report's style sheet: one column to read, wide tables scroll, prints well. */
export const reportStyle = `
:root { color-scheme: light; }
body { font: 16px/1.55 "Open Sans", Helvetica, Arial, sans-serif; color: #222; max-width: 1120px; margin: 0 auto; padding: 24px 20px 80px; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; border-bottom: 1px solid #ddd; padding-bottom: .2rem; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
nav a { margin-right: 1.1em; }
a { color: #0072B2; }
.lead { color: #555; margin: 0 0 1rem; }
.synthetic, .notice { border-left: 5px solid #D55E00; background: #fdf1ea; padding: .6rem 1rem; margin: .6rem 0; }
.left-out { border-left: 5px solid #222; background: #f4f4f4; padding: .6rem 1rem; margin: .6rem 0; }
.left-out p { margin: .3rem 0; overflow-wrap: anywhere; }
.assumptions { border-left: 5px solid #0072B2; background: #eff6fb; padding: .6rem 1rem; margin: .6rem 0; }
.assumptions td { overflow-wrap: anywhere; }
.notice { border-color: #E69F00; background: #fff8e8; }
.good { border-left: 5px solid #009E73; background: #eaf6f2; padding: .4rem 1rem; margin: .4rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .6rem 0 1rem; font-size: .9rem; }
caption { caption-side: bottom; text-align: left; color: #555; padding-top: .4rem; }
th, td { padding: .35rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid #e4e4e4; }
th { border-bottom: 2px solid #999; vertical-align: bottom; }
th.n { white-space: normal; min-width: 5.2em; }
td:first-child { min-width: 8em; }
details { margin: .5rem 0; }
summary { cursor: pointer; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td small { color: #666; display: block; }
a.trace { color: inherit; text-decoration: underline dotted #999; text-underline-offset: 3px; }
dialog { width: 76rem; max-width: 92vw; border: 1px solid #999; padding: 1rem 1.4rem; }
dialog h3 { margin-top: 0; }
dialog td { font-size: .85rem; white-space: nowrap; }
dialog td:first-child { min-width: 0; }
dialog td:last-child { white-space: normal; overflow-wrap: anywhere; }
figure { margin: 1.4rem 0; overflow-x: auto; }
figcaption { color: #555; font-size: .9rem; max-width: 60rem; }
code, pre { font: .85rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
pre { background: #f6f6f6; padding: .8rem 1rem; overflow-x: auto; }
code { overflow-wrap: anywhere; }
@media print { nav { display: none; } figure { break-inside: avoid; } }
`;

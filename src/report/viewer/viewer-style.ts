/** Style of the viewer's own parts, after that of all pages. */
export const viewerStyle = `
.viewer-tools, .viewer-legend, .viewer-slices { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; align-items: center; margin: .5rem 0; }
.viewer-tools input[type=number] { width: 5.5em; }
.viewer-tools select, .viewer-tools input, .viewer-tools button, .viewer-legend button { font: inherit; padding: .1rem .4rem; }
.viewer-tools .stepper { display: inline-flex; gap: .3rem; align-items: center; }
.viewer-canvas { height: min(60vh, 720px); background: #000; }
.viewer-canvas canvas { display: block; width: 100%; height: 100%; }
.viewer-canvas canvas:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.viewer-slices label { flex: 1 1 14rem; display: flex; gap: .5rem; align-items: center; min-width: 0; }
.viewer-slices label[hidden], .viewer-legend label[hidden] { display: none; }
.viewer-slices input { flex: 1; min-width: 4rem; }
.viewer-slices .count { min-width: 5.5em; text-align: right; font-variant-numeric: tabular-nums; }
.viewer-keys { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: .2rem 1.6rem; margin: .4rem 0 1rem; font-size: .9rem; }
.viewer-keys div { display: flex; gap: .6rem; }
.viewer-keys div[hidden] { display: none; }
.viewer-keys dt { flex: 0 0 7.2rem; }
.viewer-keys dd { margin: 0; }
kbd { border: 1px solid var(--rule); border-radius: 3px; padding: 0 .35em; font: .85em ui-monospace, "DejaVu Sans Mono", monospace; white-space: nowrap; }
.swatch { display: inline-block; width: 1em; height: 1em; margin: 0 .4em -.12em .2em; border: 1px solid var(--rule); }
#where { margin: .3rem 0; color: var(--ink); font-variant-numeric: tabular-nums; min-height: 1.55em; }
#made { color: var(--alarm); }
@media (max-width: 600px) {
  .viewer-canvas { height: min(58vh, 100vw); }
  #where { min-height: 3.1em; }
  .viewer-slices label { flex-basis: 100%; }
}
`;

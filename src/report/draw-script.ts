/**
 * Draws the figures of a page in the browser: report.html and the study site share it. A figure that is folded away is drawn when
 * its fold is opened (or the page printed): plotly measures text where it stands, and hidden text has no size. A picture that stands
 * in the place already stays until the drawing is there, and where plotly fails. `body[data-drawn=yes]` once all in sight are done.
 */
export const drawScript = `
(() => {
  const places = new Map(Array.from(document.querySelectorAll('[data-figure]'), (e) => [e.dataset.figure, e]));
  // Figures wider than their place are made smaller, down to where their text can still be read; then they scroll.
  const fit = () => {
    for (const place of places.values()) {
      const room = place.parentElement.clientWidth;
      const width = parseFloat(place.style.width);
      if (room > 0 && width > 0) place.style.zoom = Math.max(0.62, Math.min(1, room / width));
    }
  };
  addEventListener('resize', fit);
  // One image with a name instead of hundreds of loose labels; the buttons beside it stay reachable.
  const name = (drawing, label) => {
    drawing.querySelectorAll('svg.main-svg').forEach((svg, i) => {
      if (i > 0 || !label) return svg.setAttribute('aria-hidden', 'true');
      svg.setAttribute('role', 'img');
      svg.setAttribute('aria-label', label);
    });
  };
  const draw = async (place, figure) => {
    fit();
    const fresh = document.createElement('div');
    place.append(fresh);
    try {
      await Plotly.newPlot(fresh, figure.data, figure.layout, { displaylogo: false, responsive: false });
      name(fresh, place.dataset.label);
      place.replaceChildren(fresh);
    } catch (error) {
      fresh.remove();
      console.error(figure.name, error);
    }
  };
  const waiting = [];
  const now = [];
  for (const figure of JSON.parse(document.getElementById('figures').textContent)) {
    const place = places.get(figure.name);
    if (!place) continue;
    if (place.closest('details:not([open])')) waiting.push([place, figure]);
    else now.push(draw(place, figure));
  }
  const opened = () => {
    for (let i = waiting.length - 1; i >= 0; i--) {
      if (!waiting[i][0].closest('details:not([open])')) draw(...waiting.splice(i, 1)[0]);
    }
  };
  // The event does not bubble.
  document.addEventListener('toggle', opened, true);
  addEventListener('beforeprint', () => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    opened();
  });
  fit();
  Promise.all(now).then(() => { document.body.dataset.drawn = 'yes'; });
})();
`;

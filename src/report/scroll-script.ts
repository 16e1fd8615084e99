/**
 * Makes what scrolls sideways (tables, listings, figures) reachable by keyboard, under the name of its caption or of the heading
 * above it. What fits is left alone: it would be a stop of the Tab key for nothing.
 */
export const scrollScript = `
(() => {
  const nameOf = (box) => {
    const caption = box.querySelector('caption, figcaption');
    if (caption) return caption.textContent.trim().split('. ')[0];
    let name = '';
    for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
      if (heading.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING) name = heading.textContent.trim();
    }
    return (box.matches('pre') ? 'listing: ' : 'table: ') + name;
  };
  const reach = () => {
    for (const box of document.querySelectorAll('.scroll, pre, figure')) {
      const scrolls = box.scrollWidth > box.clientWidth || (box.scrollHeight > box.clientHeight && box.matches('.scroll'));
      if (scrolls === box.hasAttribute('data-scrolls')) continue;
      box.toggleAttribute('data-scrolls', scrolls);
      if (scrolls) box.tabIndex = 0;
      else box.removeAttribute('tabindex');
      if (box.matches('figure')) continue;
      if (scrolls) {
        box.setAttribute('role', 'group');
        box.setAttribute('aria-label', nameOf(box));
      } else {
        box.removeAttribute('role');
        box.removeAttribute('aria-label');
      }
    }
  };
  addEventListener('resize', reach);
  document.addEventListener('toggle', reach, true);
  // Figures and dialogs change what fits.
  new MutationObserver(() => requestAnimationFrame(reach)).observe(document.body, { childList: true, subtree: true });
  reach();
})();
`;

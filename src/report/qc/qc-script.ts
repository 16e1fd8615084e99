import { scrollScript } from '../scroll-script.ts';
import { editorScript } from './editor-script.ts';

/**
 * The script of the review page: plain JavaScript. A decision is shown at once. With a server the decision is saved, and undone
 * if saving fails; on a page from disk it waits for the download.
 */
export const qcScript = `'use strict';
(() => {
  const review = JSON.parse(document.getElementById('review').textContent);
  const at = (id) => document.getElementById(id);
  const cards = Array.from(document.querySelectorAll('.card'));
  const byNumber = new Map(review.scans.map((scan) => [scan.number, scan]));
  const scanOf = (card) => byNumber.get(Number(card.dataset.number));
  const status = (text) => { at('status').textContent = text; };
  let unsaved = 0;

  const judgement = (scan) => review.rows.findLast((row) => row.patient === scan.patient && row.scan === scan.scan && row.action !== 'edit');
  const names = { accept: 'accepted', redo: 'to be redrawn', exclude: 'patient excluded' };
  const showCard = (card) => {
    const scan = scanOf(card);
    const row = judgement(scan);
    const edits = review.rows.filter((one) => one.patient === scan.patient && one.scan === scan.scan && one.action === 'edit').length;
    const state = card.querySelector('[data-state]');
    card.dataset.decision = row ? row.action : '';
    state.dataset.state = row ? row.action : '';
    state.textContent = row ? names[row.action] : '';
    for (const radio of card.querySelectorAll('input[type=radio]')) radio.checked = !!row && radio.value === row.action;
    const reason = card.querySelector('[data-reason]');
    if (document.activeElement !== reason) reason.value = row ? row.reason : '';
    const changed = row && row.maskSha256 && row.maskSha256 !== scan.maskSha256 ? 'The mask has changed since. ' : '';
    card.querySelector('[data-decided]').textContent =
      (row ? changed + 'Decided by ' + row.by + ', ' + row.at.slice(0, 16).replace('T', ' ') + ' UTC. ' : '') + (edits ? edits + (edits > 1 ? ' edits' : ' edit') + ' of the mask. ' : '');
  };
  const showCount = () => {
    const decided = review.scans.filter(judgement).length;
    at('count').textContent = decided + ' of ' + review.scans.length + ' decided' + (unsaved ? ', ' + unsaved + ' not downloaded' : '');
  };
  const filter = () => {
    const [show, kind, find] = [at('show').value, at('kind').value, at('find').value.trim().toLowerCase()];
    let shown = 0;
    for (const card of cards) {
      const decision = card.dataset.decision;
      const fits = show === 'all' || (show === 'flagged' ? card.dataset.flags !== '0' : show === 'open' ? !decision : decision === show);
      const visible = fits && (!kind || card.dataset.scan === kind) && card.dataset.patient.toLowerCase().includes(find);
      card.hidden = !visible;
      if (visible) shown++;
    }
    at('none').hidden = shown > 0;
  };

  const reviewer = () => {
    const name = at('by').value.trim();
    if (name) return name;
    status('Enter your name first: it is written beside each decision.');
    at('by').focus();
    return undefined;
  };
  const keep = (row) => {
    review.rows.push(row);
    if (!review.served) unsaved++;
    showCount();
  };
  const decide = async (card, action) => {
    const scan = scanOf(card);
    const input = card.querySelector('[data-reason]');
    const reason = input.value.trim();
    const by = reviewer();
    input.removeAttribute('aria-invalid');
    if (!by) return showCard(card);
    if (action === 'exclude' && !reason) {
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      card.dataset.pending = action;
      return status('An exclusion needs a reason: enter it, then press Enter.');
    }
    delete card.dataset.pending;
    const before = judgement(scan);
    if (before && before.action === action && before.reason === reason && before.maskSha256 === scan.maskSha256) return showCard(card);
    const title = scan.patient + ' ' + scan.scan + ': ' + names[action];
    try {
      if (review.served) {
        const answer = await fetch('decision', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ number: scan.number, action, reason, by }),
        });
        if (!answer.ok) throw new Error(await answer.text());
        keep(await answer.json());
        showCard(card);
        status(title + ', written to ' + review.file);
      } else {
        keep({ patient: scan.patient, scan: scan.scan, action, reason, by, at: new Date().toISOString(), imageSha256: scan.imageSha256, maskSha256: scan.maskSha256 });
        status(title + ', not downloaded yet');
      }
    } catch (error) {
      status('Not saved: ' + (error && error.message));
    }
    showCard(card);
  };

  const formula = /^(?![+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?$)[=+\\-@\\t\\r\\n＝＋－＠]/i;
  const quote = (text) => quoted(formula.test(text) ? "'" + text : text);
  const quoted = (value) => (/[",\\r\\n]|^\\s|\\s$/.test(value) ? '"' + value.replaceAll('"', '""') + '"' : value);
  const csv = () => [review.columns.join(',')].concat(review.rows.map((row) => [
    row.patient, row.scan, row.action, row.reason, row.by, row.at, row.imageSha256, row.maskSha256, row.edit || '', row.editSha256 || '',
  ].map((cell) => quote(String(cell))).join(','))).join('\\n') + '\\n';
  const download = (bytes, name, type) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const open = (card) => {
    const scan = scanOf(card);
    if (!scan.editor) return status('The scan itself is not in this page.');
    globalThis.nacreEditor.open(scan);
  };
  for (const card of cards) {
    for (const radio of card.querySelectorAll('input[type=radio]')) {
      radio.addEventListener('change', () => decide(card, radio.value));
    }
    card.querySelector('[data-reason]').addEventListener('change', () => {
      const chosen = card.dataset.pending || (card.querySelector('input[type=radio]:checked') || {}).value;
      if (chosen) decide(card, chosen);
    });
    const button = card.querySelector('[data-open]');
    if (button) button.addEventListener('click', () => open(card));
  }
  const visible = () => cards.filter((card) => !card.hidden);
  const go = (step) => {
    const list = visible();
    const now = list.indexOf(document.activeElement && document.activeElement.closest('.card'));
    const next = list[now < 0 ? 0 : Math.min(list.length - 1, Math.max(0, now + step))];
    if (next) { next.focus(); next.scrollIntoView({ block: 'nearest' }); }
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || at('editor').open) return;
    const target = event.target;
    if (target.matches('input:not([type=radio]):not([type=checkbox]), select, textarea')) return;
    const card = target.closest && target.closest('.card');
    const key = event.key;
    const actions = { a: 'accept', r: 'redo', x: 'exclude' };
    if (key === 'j' || key === 'k') go(key === 'j' ? 1 : -1);
    else if (card && actions[key]) decide(card, actions[key]);
    else if (card && key === 'e') open(card);
    else return;
    event.preventDefault();
  });
  for (const id of ['show', 'kind']) at(id).addEventListener('change', filter);
  at('find').addEventListener('input', filter);
  at('download').addEventListener('click', () => {
    download(csv(), review.file, 'text/csv');
    unsaved = 0;
    showCount();
    status(review.file + ' downloaded; put it beside the manifest.');
  });
  addEventListener('beforeunload', (event) => { if (unsaved > 0) event.preventDefault(); });

  globalThis.nacreReview = { review, reviewer, keep, status, download, refresh: (number) => cards.filter((card) => Number(card.dataset.number) === number).forEach(showCard) };
  cards.forEach(showCard);
  showCount();
})();
${editorScript}${scrollScript}`;

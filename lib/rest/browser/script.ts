/**
 * The script of the pages, as it is sent. It opens what the server answers in the dialog, and makes no markup of values
 * itself: answers come escaped, and only those that bear our header are put in the page, which a login form would not.
 */
export const SCRIPT = `
(() => {
  const dialog = document.getElementById('dialog');
  const body = document.getElementById('dialog-body');
  const status = document.getElementById('status');
  const header = document.body.dataset.header;
  let busy = false;

  const say = (text) => { status.textContent = text; };
  const show = () => {
    if (!dialog.open) dialog.showModal();
    (body.querySelector('[autofocus]') || body.querySelector('h2')).focus();
  };
  const fail = (text) => {
    const heading = Object.assign(document.createElement('h2'), { id: 'dialog-title', tabIndex: -1, textContent: 'That did not work' });
    const close = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Close' });
    close.dataset.close = '';
    const buttons = Object.assign(document.createElement('p'), { className: 'buttons' });
    buttons.append(close);
    body.replaceChildren(heading, Object.assign(document.createElement('p'), { textContent: text }), buttons);
  };

  async function ask(url, data) {
    if (busy) return;
    busy = true;
    document.body.setAttribute('aria-busy', 'true');
    say('Working…');
    try {
      const answer = await fetch(url, {
        method: 'POST', redirect: 'error', cache: 'no-store', credentials: 'same-origin',
        headers: { 'Content-Type': 'application/json', [header]: '1' },
        body: JSON.stringify(data),
      });
      const isProblem = /problem\\+json/.test(answer.headers.get('content-type') || '');
      if (answer.headers.get(header) === '1') body.innerHTML = await answer.text();
      else if (isProblem) fail((await answer.json()).detail);
      else fail('The server answered with the status ' + answer.status + '. Reload the page to see what was done.');
    } catch {
      fail('No answer arrived, so it is not known whether it was done. Reload the page to see.');
    }
    busy = false;
    document.body.removeAttribute('aria-busy');
    say('');
    show();
  }

  const boxes = () => [...document.querySelectorAll('input[name="key"]')];
  function count() {
    const all = document.getElementById('all');
    const button = document.querySelector('[data-selected]');
    if (!all || !button) return;
    const chosen = boxes().filter((box) => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
    button.disabled = chosen === 0;
    button.textContent = chosen === 0 ? 'Restore selected…' : 'Restore ' + chosen + ' selected…';
  }

  document.addEventListener('change', ({ target }) => {
    if (target.id === 'all') for (const box of boxes()) box.checked = target.checked;
    if (target.id === 'all' || target.name === 'key') count();
  });
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('button');
    if (!button) return;
    if ('close' in button.dataset) dialog.close();
    if (!button.dataset.ask) return;
    const data = JSON.parse(button.dataset.body || '{}');
    if ('selected' in button.dataset) data.keys = boxes().filter((box) => box.checked).map((box) => box.value);
    ask(button.dataset.ask, data);
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.dataset.ask) return;
    event.preventDefault();
    ask(form.dataset.ask, { ...JSON.parse(form.dataset.body), ...Object.fromEntries(new FormData(form)) });
  });
  // What was done has changed the page below.
  dialog.addEventListener('close', () => {
    const done = body.querySelector('[data-after]');
    body.replaceChildren();
    if (!done) return;
    if (done.dataset.after) location.assign(done.dataset.after);
    else location.reload();
  });
  // Browsers keep boxes checked over a reload.
  window.addEventListener('pageshow', count);
})();
`.trim();

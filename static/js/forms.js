// Forms: a choice that sends itself, one sending at a time, a refused form that is read from its summary.
document.addEventListener('change', (event) => {
  if (event.target.matches('[data-auto-submit]')) event.target.form.requestSubmit();
});

// Bubbling, after switches.js has taken its own forms: a second click on a slow answer sends nothing.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  const button = event.submitter;
  if (button?.dataset.busy) button.textContent = button.dataset.busy;
  button?.setAttribute('aria-busy', 'true');
});

// A page that comes back from the browser's memory may be sent again.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('[data-sent]')) delete form.dataset.sent;
  for (const button of document.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
});

// Samples, as in the gallery, are looked at and do nothing by themselves.
document.querySelector(':not([data-sample] *)[data-focus]')?.focus();

// A confirmed scan becomes a page by its own form; a live part may bring that form later.
export function submitNow(root) {
  root.querySelector('form[data-submit-now]:not([data-sample] *)')?.requestSubmit();
}

submitNow(document);

// Copy buttons: data-copy holds the text. The outcome is said in words and shown for a moment.
const shownFor = 1500;

function said(button, words) {
  const old = button.nextElementSibling;
  const note = old?.matches('.copy-said') ? old : document.createElement('span');
  note.className = 'copy-said';
  note.setAttribute('role', 'status');
  if (note !== old) button.after(note);
  note.textContent = words;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => note.remove(), shownFor);
}

// Plain http in a demo has no clipboard of its own; the old way works there.
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('not copied');
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  try {
    await copy(button.dataset.copy);
    button.focus();
    said(button, button.dataset.copied);
  } catch {
    said(button, button.dataset.copyFailed);
  }
});

// "/" goes to the search, as in the hint beside it; never while somebody is writing.
const writing = 'input, textarea, select, [contenteditable]';

document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(writing)) return;
  const search = document.querySelector('[data-search]');
  if (!search || search.offsetParent === null) return;
  event.preventDefault();
  search.focus();
  search.select();
});

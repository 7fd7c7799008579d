// Theme and density change at once; the same form goes to the server behind, so that the next page agrees.
const themes = { dark: 'zhanggui-dark', light: 'zhanggui' };

function keep(form, button) {
  const body = new URLSearchParams(new FormData(form));
  body.set(button.name, button.value);
  fetch(form.action, { method: 'POST', body, redirect: 'manual', keepalive: true }).catch(() => form.submit());
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!button) return;
  if (form.matches('[data-theme-switch]')) {
    document.documentElement.dataset.theme = themes[button.value];
  } else if (form.matches('[data-density-switch]')) {
    document.documentElement.dataset.density = button.value;
    for (const each of form.querySelectorAll('button')) each.setAttribute('aria-pressed', String(each === button));
  } else {
    return;
  }
  event.preventDefault();
  keep(form, button);
}, { capture: true });

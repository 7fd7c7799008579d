// Menus are details elements. A script only closes them: by Escape, by a click elsewhere, by opening another.
const menus = 'details.menu[open], details.nav-drawer[open]';

document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll(menus)) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll(menus)) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

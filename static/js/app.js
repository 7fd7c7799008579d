// Every page loads this and only this. Each module adds to what already works without it; what a page
// needs for live parts comes when there are live parts.
import './copy.js';
import { submitNow } from './forms.js';
import './keys.js';
import './menus.js';
import './print.js';
import './switches.js';

if (document.querySelector('[data-live], [data-hx-get]')) {
  import('./live.js').then((live) => live.start(submitNow));
}

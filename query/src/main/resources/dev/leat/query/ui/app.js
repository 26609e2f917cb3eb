// The frame around the pages: navigation, routes, connection, shortcuts.
import {html, render} from './parts/dom.js';
import {live} from './live.js';
import {pages} from './pages.js';
import {keys} from './keys.js';
import {themeSwitch} from './parts/theme-switch.js';
import {connection} from './parts/connection.js';

const main = document.getElementById('main');
let leave = () => {};
let shown = null;

/** '#/streams/orders' is the page streams with the argument orders. */
function route() {
  const [id, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  const page = pages.find(one => one.id === id) ?? pages[0];
  return {page, args: page.id === id ? rest.map(decodeURIComponent) : []};
}

async function show() {
  const {page, args} = route();
  const stay = document.activeElement === document.body || shown === null;
  leave();
  leave = () => {};
  shown = page.id;
  document.title = `${page.title} · Leat`;
  navigation();
  const view = document.createElement('div');
  view.className = `page page-${page.id}`;
  main.replaceChildren(view);
  const module = await page.load();
  if (!view.isConnected) return; // Somebody was faster.
  leave = module.mount(view, args) ?? leave;
  if (!stay) main.focus({preventScroll: true});
  window.scrollTo(0, 0);
}

function navigation() {
  render(html`<ul>${pages.map(page => html`<li>
    <a href="#/${page.id}" aria-current=${page.id === shown ? 'page' : 'false'}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d=${page.icon}></path></svg><span>${page.title}</span>
      <kbd aria-hidden="true">${page.key}</kbd></a></li>`)}</ul>`, document.getElementById('nav'));
}

function sideEnd() {
  render(html`${connection()}${themeSwitch(sideEnd)}
    <button class="quiet" @click=${() => keys.help()} aria-label="Keyboard shortcuts"><kbd>?</kbd></button>`,
    document.getElementById('side-end'));
}

document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
for (const page of pages) {
  keys.add(`g ${page.key}`, `Go to ${page.title}`, () => { location.hash = `#/${page.id}`; });
}
window.addEventListener('hashchange', show);
live.addEventListener('change', () => {
  sideEnd();
  document.getElementById('gone').hidden = live.state !== 'lost';
});
sideEnd();
live.start();
show();

// Light, dark, or as the system has it; remembered in this browser.
import {html} from './dom.js';

const NEXT = {auto: 'light', light: 'dark', dark: 'auto'};
const SIGN = {auto: '◐', light: '○', dark: '●'};

export const theme = () => document.documentElement.dataset.theme ?? 'auto';

function choose(wanted) {
  if (wanted === 'auto') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem('leat.theme');
  } else {
    document.documentElement.dataset.theme = wanted;
    localStorage.setItem('leat.theme', wanted);
  }
  window.dispatchEvent(new Event('leat-theme'));
}

export const themeSwitch = changed => html`<button class="quiet theme"
  aria-label="Colours: ${theme()}. Change to ${NEXT[theme()]}"
  @click=${() => { choose(NEXT[theme()]); changed(); }}><span aria-hidden="true">${SIGN[theme()]}</span>
  <span class="wide">${theme()}</span></button>`;

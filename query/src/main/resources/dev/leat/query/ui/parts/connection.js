// Whether what is shown is alive, in one word.
import {html} from './dom.js';
import {live} from '../live.js';

const WORDS = {connecting: 'Connecting', open: 'Live', lost: 'Offline'};

export const connection = () => html`<span class="connection ${live.state}" role="status">
  <span class="dot" aria-hidden="true"></span><span class="word">${WORDS[live.state]}</span></span>`;

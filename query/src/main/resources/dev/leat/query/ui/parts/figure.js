// A figure with its name, and perhaps its last minute.
import {html, nothing} from './dom.js';
import {spark} from './spark.js';

export const figure = ({name, value, note, values, state = ''}) => html`<div class="figure ${state}">
  <dt>${name}</dt><dd><span class="value">${value}</span>${note ? html` <small>${note}</small>` : nothing}
  ${values && values.length > 1 ? spark(values, `${name}, course of late`) : nothing}</dd></div>`;

export const figures = list => html`<dl class="figures">${list.map(figure)}</dl>`;

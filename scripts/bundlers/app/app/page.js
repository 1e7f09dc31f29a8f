'use client';
import { createElement } from 'react';
import * as entries from '../entries.js';
import { usePackages } from '../use.js';

/** Rendered on the server too: the entries are loaded in Node and in the browser. */
export default () => createElement('button', { onClick: usePackages }, Object.keys(entries).join(' '));

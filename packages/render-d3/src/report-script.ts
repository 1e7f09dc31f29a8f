/**
 * What a reader with scripts has beyond the page: a button for the theme, files of the figures, tables that sort. The
 * page's policy runs no script but this one, by its hash, whatever a name or a note holds.
 */
export const REPORT_SCRIPT = `
(() => {
  const root = document.documentElement;
  const make = (name, properties) => Object.assign(document.createElement(name), properties);

  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const button = make('button', { className: 'theme', type: 'button' });
  const name = () => { button.textContent = isDark() ? 'Light' : 'Dark'; };
  button.onclick = () => { root.dataset.theme = isDark() ? 'light' : 'dark'; name(); };
  name();
  document.body.append(button);

  const save = (blob, file) => {
    const url = URL.createObjectURL(blob);
    make('a', { href: url, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  for (const figure of document.querySelectorAll('figure[data-name]')) {
    const svg = figure.querySelector('svg');
    const text = () => new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' });
    const links = make('span', { className: 'save' });
    const link = (label, action) => {
      const a = make('a', { href: '#', textContent: label });
      a.onclick = (event) => { event.preventDefault(); action(); };
      links.append(a);
    };
    link('SVG', () => save(text(), figure.dataset.name + '.svg'));
    link('PNG', () => {
      const url = URL.createObjectURL(text());
      const image = new Image();
      image.onload = () => {
        const canvas = make('canvas', { width: 2 * svg.viewBox.baseVal.width, height: 2 * svg.viewBox.baseVal.height });
        canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        canvas.toBlob((blob) => save(blob, figure.dataset.name + '.png'));
      };
      image.src = url;
    });
    figure.querySelector('figcaption').append(links);
  }

  const valueOf = (cell) => {
    const number = Number.parseFloat(cell.textContent.replaceAll(',', '').replaceAll('\\u2212', '-'));
    return Number.isNaN(number) ? cell.textContent : number;
  };
  for (const head of document.querySelectorAll('thead th')) {
    const sorter = make('button', { type: 'button', textContent: head.textContent });
    head.replaceChildren(sorter);
    sorter.onclick = () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of head.parentNode.children) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const body = head.closest('table').tBodies[0];
      const rows = [...body.rows].map((row) => [valueOf(row.cells[head.cellIndex]), row]);
      const compare = (a, b) => typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === 'number' ? -1 : 1;
      rows.sort(([a], [b]) => (down ? -1 : 1) * compare(a, b));
      body.append(...rows.map(([, row]) => row));
    };
  }
})();
`;

/** SHA-256 of the script, base64; its test says the new one when the script changes. */
export const REPORT_SCRIPT_HASH = 'pwQ98EqBE1p+gAZSXmSD5Im12/YTsNMUjCSjT2IXe6o=';

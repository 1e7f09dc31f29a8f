/**
 * What the page offers with scripts: a theme button, figures to save, facets, enlarged figures, sortable
 * tables. The content security policy of the page admits this script only, by its hash.
 */
export const REPORT_SCRIPT = `
(() => {
  const root = document.documentElement;
  const create = (name, properties) => Object.assign(document.createElement(name), properties);
  const createButton = (textContent, onclick) => create('button', { type: 'button', textContent, onclick });

  const addThemeButton = () => {
    const prefersDark = () => matchMedia('(prefers-color-scheme: dark)').matches;
    const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : prefersDark();
    const update = () => { button.textContent = isDark() ? 'Light' : 'Dark'; };
    const button = createButton('', () => { root.dataset.theme = isDark() ? 'light' : 'dark'; update(); });
    button.className = 'theme';
    update();
    document.body.append(button);
  };

  const save = (blob, file) => {
    const url = URL.createObjectURL(blob);
    create('a', { href: url, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  const svgBlob = (svg) => new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' });
  const savePng = (svg, file) => {
    const url = URL.createObjectURL(svgBlob(svg));
    const image = new Image();
    image.onload = () => {
      const { width, height } = svg.viewBox.baseVal;
      const canvas = create('canvas', { width: 2 * width, height: 2 * height });
      canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(url);
      canvas.toBlob((blob) => save(blob, file));
    };
    image.src = url;
  };
  const addSaveButtons = (figure) => {
    const svg = figure.querySelector('svg');
    const { name } = figure.dataset;
    const buttons = create('span', { className: 'save' });
    buttons.append(
      createButton('SVG', () => save(svgBlob(svg), name + '.svg')),
      createButton('PNG', () => savePng(svg, name + '.png')),
    );
    figure.querySelector('figcaption').append(buttons);
  };

  // A select element per facet of the figures of a section, with the values of the figures.
  const createSelects = (figures) => {
    const names = new Set(figures.flatMap(({ facets }) => Object.keys(facets)));
    return [...names].map((name) => {
      const select = create('select');
      const values = new Set(figures.flatMap(({ facets }) => facets[name] ?? []));
      for (const value of values) select.append(create('option', { value, textContent: value }));
      return { name, select };
    });
  };
  const addFacets = (section) => {
    const figures = [...section.querySelectorAll('figure[data-facets]')]
      .map((figure) => ({ figure, facets: JSON.parse(figure.dataset.facets) }));
    const selects = createSelects(figures);
    const matches = ({ facets }, { name, select }) => !(name in facets) || facets[name] === select.value;
    // Shows the figures that match the changed facet and as many of the other facets as possible.
    const update = (changed) => {
      const score = (figure) => selects.reduce((sum, facet) =>
        sum + (matches(figure, facet) ? (facet.name === changed ? 100 : 1) : 0), 0);
      const highest = Math.max(...figures.map(score));
      const { facets } = figures.find((figure) => score(figure) === highest);
      for (const { name, select } of selects) if (name in facets) select.value = facets[name];
      for (const item of figures) item.figure.hidden = !selects.every((facet) => matches(item, facet));
    };
    const bar = create('div', { className: 'facets' });
    for (const { name, select } of selects) {
      if (select.options.length < 2) continue;
      const label = create('label', { textContent: name + ' ' });
      label.append(select);
      bar.append(label);
      select.onchange = () => update(name);
    }
    if (!bar.children.length) return;
    figures[0].figure.before(bar);
    update();
    const showAll = () => { for (const { figure } of figures) figure.hidden = false; };
    bar.append(createButton('Show all', showAll));
  };

  // A frame that scrolls sideways, as on a phone, can be focused by keyboard.
  const makeFramesFocusable = () => {
    const observer = new ResizeObserver((entries) => {
      for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
    });
    for (const frame of document.querySelectorAll('.scroll')) observer.observe(frame);
  };

  // A dialog with a copy of a figure, or of a part of it.
  const createZoom = () => {
    const dialog = create('dialog', { className: 'zoom' });
    dialog.setAttribute('aria-label', 'Figure, enlarged');
    const stage = create('div');
    dialog.append(createButton('Close', () => dialog.close()), stage);
    dialog.onclick = ({ target }) => { if (target === dialog) dialog.close(); };
    document.body.append(dialog);
    return (svg, box) => {
      const copy = svg.cloneNode(true);
      copy.removeAttribute('width');
      copy.removeAttribute('height');
      if (box) copy.setAttribute('viewBox', [box.x - 4, box.y - 4, box.width + 8, box.height + 8].join(' '));
      stage.className = box ? 'part' : 'whole';
      const figure = create('figure');
      figure.append(copy);
      stage.replaceChildren(figure);
      dialog.showModal();
    };
  };
  const addZoom = (figure, enlarge) => {
    const svg = figure.querySelector('svg');
    figure.querySelector('.save').prepend(createButton('Zoom', () => enlarge(svg)));
    svg.addEventListener('click', ({ target }) => {
      const tile = target.closest('image') && target.closest('g');
      if (!tile || tile === svg) return enlarge(svg);
      const box = tile.querySelectorAll('image').length > 2 ? target.getBBox() : tile.getBBox();
      // The box is in the coordinates of the group; the copy needs those of the figure.
      const { a, d, e, f } = svg.getScreenCTM().inverse().multiply(tile.getScreenCTM());
      enlarge(svg, { x: box.x * a + e, y: box.y * d + f, width: box.width * a, height: box.height * d });
    });
  };

  const cellValue = (cell) => {
    const number = Number.parseFloat(cell.textContent.replaceAll(',', '').replaceAll('\\u2212', '-'));
    return Number.isNaN(number) ? cell.textContent : number;
  };
  // Numbers before texts.
  const compareValues = (a, b) => {
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
    return a < b ? -1 : a > b ? 1 : 0;
  };
  const sortBy = (head) => {
    const isDescending = head.getAttribute('aria-sort') === 'ascending';
    for (const other of head.parentNode.children) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
    const body = head.closest('table').tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, value: cellValue(row.cells[head.cellIndex]) }));
    rows.sort((a, b) => (isDescending ? -1 : 1) * compareValues(a.value, b.value));
    body.append(...rows.map(({ row }) => row));
  };

  addThemeButton();
  const enlarge = createZoom();
  for (const figure of document.querySelectorAll('figure[data-name]')) {
    addSaveButtons(figure);
    addZoom(figure, enlarge);
  }
  document.querySelectorAll('section').forEach(addFacets);
  makeFramesFocusable();
  for (const head of document.querySelectorAll('thead th'))
    head.replaceChildren(createButton(head.textContent, () => sortBy(head)));
})();
`;

/** SHA-256 of the script in base64; a test prints the new value when the script changes. */
export const REPORT_SCRIPT_HASH = 'dG52+j446m7XRdJE8tjmj7EZg7DmB8p4MXH4XuHEUQY=';

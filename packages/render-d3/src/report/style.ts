import { THEMES, type Palette } from '../drawing/theme.js';

const { light, dark } = THEMES;

/** The colors of the page as CSS variables. */
function pageColors({ surface, ink, muted }: Palette, colors: Readonly<Record<string, string>>): string {
  const variables = Object.entries({ surface, ink, muted, ...colors });
  return variables.map(([name, color]) => `--${name}:${color}`).join(';');
}

const PAGE = {
  light: pageColors(light, { page: '#f4f6f8', line: '#dde3e9', accent: '#1a61ba', tint: '#eaf2fc' }),
  dark: pageColors(dark, { page: '#0c1015', line: '#28313b', accent: dark.train, tint: '#16243a' }),
};

/** CSS rules override presentation attributes, so light figures follow the theme of the page. */
const figureRules = (root: string) =>
  (Object.keys(light) as (keyof typeof light)[])
    .flatMap((name) =>
      ['fill', 'stroke'].map(
        (attribute) => `${root} figure svg [${attribute}="${light[name]}"]{${attribute}:${dark[name]}}`,
      ),
    )
    .join('\n');

const darkRules = (root: string) => `${root}{color-scheme:dark;${PAGE.dark}}\n${figureRules(root)}`;

/** Dark if the system of the reader or the theme button is dark; never on paper. */
export const REPORT_STYLE = `
:root{color-scheme:light;${PAGE.light}}
@media screen and (prefers-color-scheme:dark){
${darkRules(':root:not([data-theme=light])')}
}
@media screen{
${darkRules(':root[data-theme=dark]')}
}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1.5rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);
  font:1rem/1.6 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.18em}
.layout{display:grid;grid-template-columns:15rem minmax(0,64rem);gap:3rem;max-width:84rem;margin:0 auto;
  padding:0 2rem}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:3.25rem 0 2rem;
  font-size:.875rem;line-height:1.35}
nav p{margin:0 0 .75rem;color:var(--muted);font-size:.75rem;font-weight:600;letter-spacing:.06em;
  text-transform:uppercase}
nav ol{list-style:none;margin:0;padding:0;border-left:1px solid var(--line)}
nav a{display:block;padding:.3rem 0 .3rem .9rem;margin-left:-1px;border-left:2px solid transparent;
  color:var(--muted);text-decoration:none;overflow-wrap:anywhere}
nav a:hover,nav a:focus-visible{color:var(--ink);border-left-color:var(--accent)}
main{padding:3rem 0 5rem;min-width:0}
h1{margin:0;font-size:2.1rem;line-height:1.15;letter-spacing:-.022em;font-weight:680;text-wrap:balance;
  overflow-wrap:anywhere}
.subtitle{margin:.6rem 0 0;color:var(--muted);font-size:1.1rem;max-width:46rem;overflow-wrap:anywhere}
h2{margin:0 0 .5rem;font-size:1.4rem;line-height:1.25;letter-spacing:-.014em;font-weight:650;
  overflow-wrap:anywhere}
h3{margin:1.75rem 0 .5rem;font-size:1rem;font-weight:650}
h4{margin:1.25rem 0 .35rem;font-size:1rem;font-weight:650}
p{margin:.5rem 0}
section>p,.prose{max-width:46rem;overflow-wrap:anywhere}
section{margin-top:3.5rem}
.facts{display:flex;flex-wrap:wrap;gap:1px;margin:2rem 0 0;padding:0;background:var(--line);
  border:1px solid var(--line);border-radius:12px;overflow:hidden}
.facts div{flex:1 1 9.5rem;background:var(--surface);padding:.9rem 1.1rem}
.facts dt{color:var(--muted);font-size:.8rem}
.facts dd{margin:.1rem 0 0;font-size:1.2rem;font-weight:620;line-height:1.3;letter-spacing:-.01em;
  font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
figure{margin:1.25rem 0 0;padding:.5rem;background:var(--surface);border:1px solid var(--line);
  border-radius:12px}
.scroll{overflow:auto}
figure svg{display:block;max-width:max(100%,40rem);height:auto;margin:0 auto}
figcaption{display:flex;gap:1rem;justify-content:space-between;align-items:baseline;
  padding:.35rem .8rem .4rem;color:var(--muted);font-size:.875rem;line-height:1.45}
figcaption span{overflow-wrap:anywhere}
.save{flex:none;display:flex;gap:.75rem}
.table{margin:1.25rem 0 0;overflow:auto;background:var(--surface);border:1px solid var(--line);
  border-radius:12px}
table{width:100%;border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{padding:.7rem 1rem;text-align:left;font-weight:620}
th,td{padding:.45rem 1rem;text-align:left;white-space:nowrap;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--muted);font-weight:600}
caption~thead th{border-top:1px solid var(--line)}
tbody tr:hover{background:var(--tint)}
.number{text-align:right}
th button{all:unset;cursor:pointer}
th button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
th[aria-sort=ascending] button::after{content:" ↑"}
th[aria-sort=descending] button::after{content:" ↓"}
.questions{margin:1.25rem 0 0;padding:.85rem 1.2rem;border-left:3px solid var(--accent);
  background:var(--tint);border-radius:0 10px 10px 0;max-width:46rem}
.questions h3{margin:0;font-size:.8rem;color:var(--muted)}
.questions ul{margin:.3rem 0 0;padding-left:1.1rem}
.discussion{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));gap:1.5rem;
  margin-top:1.25rem;align-items:start}
.notes{padding:.4rem 1.3rem 1rem;background:var(--surface);border:1px solid var(--line);border-radius:12px;
  overflow-wrap:anywhere}
.notes h3,.discussion .questions h3{margin-top:.6rem}
.discussion .questions{margin:0}
.discussion .questions h4{margin:.8rem 0 0;font-size:.9rem}
.empty{color:var(--muted)}
.theme{position:absolute;top:1rem;right:1.25rem;padding:.35rem .75rem;border:1px solid var(--line);
  border-radius:999px;background:var(--surface);color:var(--muted);font:inherit;font-size:.8rem;
  cursor:pointer}
.theme:hover,.theme:focus-visible{color:var(--ink)}
@media (max-width:64rem){
.layout{display:block;padding:0 1.25rem}
nav{position:static;max-height:none;padding:3.5rem 0 0}
main{padding-top:2rem}
h1{font-size:1.7rem}
}
figure[hidden]{display:none}
figure[data-name] svg{cursor:zoom-in}
.save button,.facets button{all:unset;cursor:pointer;color:var(--accent);text-decoration:underline;
  text-decoration-thickness:1px;text-underline-offset:.18em}
.save button:focus-visible,.facets button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.facets{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:baseline;margin:1.25rem 0 0;
  font-size:.875rem;color:var(--muted)}
.facets select{font:inherit;color:var(--ink);background:var(--surface);border:1px solid var(--line);
  border-radius:6px;padding:.2rem .4rem;max-width:14rem}
.zoom{width:min(96vw,100rem);height:94vh;padding:.75rem;border:1px solid var(--line);border-radius:12px;
  background:var(--surface);color:var(--ink)}
.zoom::backdrop{background:#0009}
.zoom>button{float:right;font:inherit;padding:.25rem .75rem;border:1px solid var(--line);border-radius:999px;
  background:var(--surface);color:var(--ink);cursor:pointer}
.zoom>div{clear:both;height:calc(100% - 2.75rem);overflow:auto}
.zoom figure{margin:0;border:0;padding:0;height:100%}
.zoom .whole svg{width:max(100%,60rem);max-width:none}
.zoom .part svg{width:100%;height:100%}
small{font-size:inherit;opacity:.9}
@media screen and (max-width:40rem){
figcaption{display:block}
.save{margin-top:.35rem}
}
@media print{
figure svg{max-width:100%}
body{background:#fff;font-size:10.5pt}
.layout{display:block;padding:0;max-width:none}
nav,.theme,.save,.facets{display:none}
figure[hidden]{display:block}
main{padding:0}
section{margin-top:2rem}
figure,.table,.notes,.questions,.facts{break-inside:avoid;border-color:#ccc}
figure{border:0;padding:0}
h2,h3{break-after:avoid}
.table{overflow:visible}
th,td{padding:.3rem .5rem;white-space:normal}
}`;

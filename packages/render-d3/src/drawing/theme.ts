/**
 * The colors of each theme, by role. No two roles of the light theme share a color, so a page can map them to
 * dark ones.
 */
export const THEMES = {
  light: {
    surface: '#ffffff',
    ink: '#17202b',
    cellText: '#000001',
    muted: '#5a6672',
    axis: '#a3adb8',
    grid: '#e6eaee',
    border: '#cfd6dd',
    train: '#1f6fd0',
    validation: '#d9560b',
    test: '#0d8763',
    event: '#8557c8',
    bar: '#86a3c3',
    good: '#14803c',
    bad: '#cc2936',
  },
  dark: {
    surface: '#12171e',
    ink: '#e9eef4',
    cellText: '#fffffd',
    muted: '#a1adba',
    axis: '#5c6875',
    grid: '#262e38',
    border: '#3d4854',
    train: '#6db1ff',
    validation: '#ff9c5e',
    test: '#4fd1a1',
    event: '#bb9ff5',
    bar: '#5f7c9e',
    good: '#4ecb7c',
    bad: '#ff6d72',
  },
} as const;

export type Theme = keyof typeof THEMES;
export type Palette = Readonly<Record<keyof (typeof THEMES)['light'], string>>;

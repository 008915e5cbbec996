import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
} from '@mantine/core';

/** Where the chosen scheme is kept; `colour-scheme.js` reads it before anything is painted. */
export const SCHEME_KEY = 'tributary-scheme';
export const schemeManager = localStorageColorSchemeManager({ key: SCHEME_KEY });

const INDIGO: MantineColorsTuple = [
  '#eef0ff',
  '#e0e3ff',
  '#c5caff',
  '#a3a9fb',
  '#8287f5',
  '#686aec',
  '#5650e0',
  '#4840c8',
  '#3d37a4',
  '#353382',
];
/** Neutral, a touch of blue: the greys of surfaces and text. */
const DARK: MantineColorsTuple = [
  '#e6e7ec',
  '#b4b7c2',
  '#9396a3',
  '#6d7080',
  '#454753',
  '#33353d',
  '#26282f',
  '#1b1c21',
  '#16171b',
  '#101114',
];

/** The cross of a dialog has no text: its name is for those who hear the page. */
const CLOSE = { 'aria-label': 'Close' };

/** A list of choices scrolls by itself: Mantine's own frame around it cannot be reached by keyboard, which axe finds serious. */
const LIST = { withScrollArea: false, styles: { options: { maxHeight: 250, overflowY: 'auto' } } } as const;

/** Mantine's defaults fail the AA contrast of WCAG in both schemes; shades and the resolver below mend that (reference web-app 4, measured by axe). */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  colors: { indigo: INDIGO, dark: DARK },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '13.5px', md: '15px', lg: '17px', xl: '20px' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '22px', lineHeight: '1.3' },
      h2: { fontSize: '17px', lineHeight: '1.35' },
      h3: { fontSize: '15px', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } } },
    // The placeholder that would take the focus is no item of a menu; without it the first item does.
    Menu: { defaultProps: { shadow: 'md', transitionProps: { duration: 0 }, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 0 } } },
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { blur: 0 },
        transitionProps: { duration: 0 },
        closeButtonProps: CLOSE,
      },
    },
    Drawer: {
      defaultProps: { overlayProps: { blur: 0 }, transitionProps: { duration: 0 }, closeButtonProps: CLOSE },
    },
    Select: { defaultProps: { size: 'sm', comboboxProps: { transitionProps: { duration: 0 } }, ...LIST } },
    MultiSelect: { defaultProps: LIST },
    TagsInput: { defaultProps: LIST },
    Autocomplete: { defaultProps: LIST },
    TextInput: { defaultProps: { size: 'sm' } },
    Paper: { defaultProps: { radius: 'lg' } },
  },
});

/** Texts dark enough on what they stand on, in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1c1d22',
    '--mantine-color-dimmed': '#565a66',
    '--mantine-color-anchor': '#3d37a4',
    '--mantine-color-placeholder': '#6a6e7a',
    '--mantine-color-error': '#a61e1e',
    '--mantine-color-default-border': '#d8dae1',
    '--mantine-color-gray-text': '#4a4e59',
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-red-filled-hover': '#b02525',
    '--mantine-color-red-text': '#a61e1e',
    '--mantine-color-red-outline': '#a61e1e',
    '--mantine-color-red-light-color': '#a61e1e',
    '--mantine-color-teal-light-color': '#05603f',
    '--mantine-color-teal-text': '#05603f',
    '--mantine-color-green-light-color': '#05603f',
    '--mantine-color-yellow-light-color': '#744210',
    '--mantine-color-orange-light-color': '#8a3a06',
    '--mantine-color-blue-light-color': '#1a4f8f',
    '--mantine-color-gray-light-color': '#41454f',
    '--mantine-color-indigo-light-color': '#3d37a4',
    '--mantine-color-indigo-text': '#3d37a4',
  },
  dark: {
    '--mantine-color-body': '#1b1c21',
    '--mantine-color-text': '#e6e7ec',
    '--mantine-color-dimmed': '#b4b7c2',
    '--mantine-color-anchor': '#a3a9fb',
    '--mantine-color-placeholder': '#9fa2af',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-default-border': '#3c3e48',
    '--mantine-color-gray-text': '#c8cad2',
    '--mantine-color-red-filled': '#c92a2a',
    '--mantine-color-red-filled-hover': '#b02525',
    '--mantine-color-red-text': '#ff8787',
    '--mantine-color-red-outline': '#ff8787',
    '--mantine-color-red-light-color': '#ffa8a8',
    '--mantine-color-teal-light-color': '#63e6be',
    '--mantine-color-teal-text': '#63e6be',
    '--mantine-color-green-light-color': '#8ce99a',
    '--mantine-color-yellow-light-color': '#ffe066',
    '--mantine-color-orange-light-color': '#ffc078',
    '--mantine-color-blue-light-color': '#a5d8ff',
    '--mantine-color-gray-light-color': '#d0d2da',
    '--mantine-color-indigo-light-color': '#c5caff',
    '--mantine-color-indigo-text': '#c5caff',
  },
});

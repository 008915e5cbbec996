import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, indentOnInput, syntaxTree } from '@codemirror/language';
import { Compartment, EditorState, type Extension, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';

/** Colours by the name of the node in the tree of the grammar. */
const COLOURS: Readonly<Record<string, Decoration>> = {
  PropertyName: Decoration.mark({ class: 'json-key' }),
  String: Decoration.mark({ class: 'json-text' }),
  Number: Decoration.mark({ class: 'json-number' }),
  True: Decoration.mark({ class: 'json-word' }),
  False: Decoration.mark({ class: 'json-word' }),
  Null: Decoration.mark({ class: 'json-word' }),
};

const colourOf = (hue: string, light: number, dark: number): { color: string } => ({
  color: `light-dark(var(--mantine-color-${hue}-${light}), var(--mantine-color-${hue}-${dark}))`,
});
const THEME = EditorView.theme({
  '&': { fontSize: '12.5px', backgroundColor: 'var(--app-surface)', color: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '20px' },
  '.cm-gutters': {
    backgroundColor: 'var(--app-surface)',
    color: 'var(--mantine-color-dimmed)',
    border: 'none',
    borderRight: '1px solid var(--app-border)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--app-hover)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--app-active) !important' },
  '.cm-matchingBracket': { backgroundColor: 'var(--app-active) !important', outline: '1px solid var(--app-border)' },
  '.json-key': colourOf('indigo', 8, 3),
  '.json-text': { color: 'var(--mantine-color-teal-light-color)' },
  '.json-number': { color: 'var(--mantine-color-orange-light-color)' },
  '.json-word': colourOf('grape', 9, 3),
  '.json-bad': { backgroundColor: 'light-dark(#ffe8e8, #4a2226)' },
});

const highlighter = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = coloured(view);
    }
    update({ view, docChanged, viewportChanged, startState, state }: ViewUpdate): void {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state)) {
        this.decorations = coloured(view);
      }
    }
  },
  { decorations: ({ decorations }) => decorations },
);

function coloured(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: (node) => {
        const mark = COLOURS[node.name];
        if (mark !== undefined) builder.add(node.from, node.to, mark);
      },
    });
  }
  return builder.finish();
}

const badLineOf = (line: number | undefined) =>
  EditorView.decorations.of((view): DecorationSet => {
    if (line === undefined || line > view.state.doc.lines) return Decoration.none;
    return Decoration.set([Decoration.line({ class: 'json-bad' }).range(view.state.doc.line(line).from)]);
  });

const accessOf = (isReadOnly: boolean): Extension[] =>
  isReadOnly ? [EditorState.readOnly.of(true), EditorView.editable.of(false)] : [];

export type CodeEditorProps = {
  label: string;
  value: string;
  onChange: (text: string) => void;
  isReadOnly: boolean;
  minHeight: number;
  maxHeight: number | undefined;
  /** The line where the text is no JSON. */
  badLine: number | undefined;
  describedBy: string;
};

/** The editor itself; with CodeMirror it is some 90 kB, which `JsonEditor` loads when the first is seen. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, value, isReadOnly, minHeight, maxHeight, badLine, describedBy } = props;
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const changing = useRef({ bad: new Compartment(), access: new Compartment() });

  useEffect(() => {
    if (place.current === null) return undefined;
    const { bad, access } = changing.current;
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          highlightActiveLine(),
          json(),
          highlighter,
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          THEME,
          EditorView.theme({
            '.cm-content, .cm-gutters': { minHeight: `${minHeight}px` },
            ...(maxHeight !== undefined && { '.cm-scroller': { maxHeight: `${maxHeight}px`, overflow: 'auto' } }),
          }),
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-describedby': describedBy,
            spellcheck: 'false',
          }),
          bad.of(badLineOf(latest.current.badLine)),
          access.of(accessOf(latest.current.isReadOnly)),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (!docChanged) return;
            const text = state.doc.toString();
            if (text !== latest.current.value) latest.current.onChange(text);
          }),
        ],
      }),
    });
    editor.current = view;
    return () => view.destroy();
  }, [label, describedBy, minHeight, maxHeight]);

  useEffect(() => {
    const view = editor.current;
    if (view === undefined || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    editor.current?.dispatch({ effects: changing.current.bad.reconfigure(badLineOf(badLine)) });
  }, [badLine]);
  useEffect(() => {
    editor.current?.dispatch({ effects: changing.current.access.reconfigure(accessOf(isReadOnly)) });
  }, [isReadOnly]);

  return <div ref={place} />;
}

import { autocompletion, completionKeymap, startCompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { effect, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { choicesAt, spotAt, type Schema } from './completion';
import { isSlip, readDraft } from './draft';
import { difference } from './edits';
import { dialectOf } from './forms';

export interface Mark {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly isWarning: boolean;
}

interface CodeEditorProps {
  readonly label: string;
  /** Followed as soon as it changes: a text that came a moment late would undo what was typed since. */
  readonly text: ReadonlySignal<string>;
  readonly marks: readonly Mark[];
  readonly schema: Schema | undefined;
  readonly onChange: (text: string) => void;
  /** Called with what moves the cursor to a line. */
  readonly onReady?: (goTo: (line: number, column: number) => void) => void;
}

/**
 * A document as text. It stands in a shadow root, where its styles are constructed sheets: the page's
 * policy allows no style elements.
 */
export function CodeEditor({ label, text, marks, schema, onChange, onReady }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef({ onChange, schema });
  now.current = { onChange, schema };
  useEffect(() => {
    const element = host.current as HTMLDivElement;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const complete = (context: CompletionContext) => completions(context, now.current.schema);
    const changed = EditorView.updateListener.of((update) => {
      const written = update.state.doc.toString();
      if (update.docChanged && written !== text.peek()) now.current.onChange(written);
    });
    const state = EditorState.create({ doc: text.peek(), extensions: [...extensions(label, complete), changed] });
    const made = new EditorView({ root, parent: root, state });
    // What is cut off at its edges can be moved with the keys.
    made.scrollDOM.tabIndex = 0;
    view.current = made;
    onReady?.((line, column) => goTo(made, line, column));
    const stop = effect(() => {
      const change = difference(made.state.doc.toString(), text.value);
      if (change) made.dispatch({ changes: change });
    });
    return () => {
      stop();
      made.destroy();
    };
  }, []);
  useEffect(() => {
    const made = view.current;
    if (made) made.dispatch(setDiagnostics(made.state, diagnostics(made.state, marks)));
  }, [marks]);
  return <div class="code-editor" ref={host} />;
}

function extensions(label: string, complete: (context: CompletionContext) => CompletionResult | null) {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    bracketMatching(),
    indentUnit.of('  '),
    yaml(),
    syntaxHighlighting(COLOURS),
    lintGutter(),
    autocompletion({ override: [complete], icons: false }),
    // Tab leaves the editor, as it leaves every field.
    keymap.of([...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, { key: 'Ctrl-Space', run: startCompletion }]),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
    THEME,
  ];
}

function completions(context: CompletionContext, schema: Schema | undefined): CompletionResult | null {
  const text = context.state.doc.toString();
  const spot = spotAt(text, context.pos);
  if (!context.explicit && spot.from === context.pos) return null;
  const draft = readDraft(text);
  const keys = [...text.matchAll(/^([\w$]+):/gm)].map((found) => found[1] as string);
  const dialect = isSlip(draft) ? dialectOf(keys) : draft.form.dialect;
  const choices = choicesAt(dialect, spot.path, schema);
  const options = spot.isValue ? choices.values : choices.keys.map((one) => ({ ...one, apply: `${one.label}: ` }));
  return options.length === 0 ? null : { from: spot.from, options, validFor: /^[\w$-]*$/ };
}

function diagnostics(state: EditorState, marks: readonly Mark[]): Diagnostic[] {
  return marks.map((mark) => {
    const line = state.doc.line(Math.min(Math.max(1, mark.line), state.doc.lines));
    const from = Math.min(line.from + Math.max(0, mark.column - 1), line.to);
    const word = /^[^\s,\]}#]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 0;
    return { from, to: from + word, severity: mark.isWarning ? 'warning' : 'error', message: mark.message };
  });
}

function goTo(view: EditorView, number: number, column: number): void {
  const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
  const anchor = Math.min(line.from + Math.max(0, column - 1), line.to);
  view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
  view.focus();
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--accent)' },
  { tag: [tags.string, tags.attributeValue], color: 'var(--ink)' },
  { tag: tags.comment, color: 'var(--ink-faint)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.meta, tags.labelName, tags.typeName], color: 'var(--best-ink)' },
]);

const THEME = EditorView.theme({
  '&': { backgroundColor: 'var(--card)', color: 'var(--ink)', fontSize: '13px', minBlockSize: '320px', blockSize: '100%' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', overflow: 'auto' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-faint)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 6%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--accent) 25%, transparent) !important' },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--ink)', border: '1px solid var(--line-strong)', borderRadius: '8px', maxInlineSize: '48ch' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--failed)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--stopped)' },
});

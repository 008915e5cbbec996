import { NativeSelect, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isJsonObject, type Json } from '../../../../shared/domain/json.ts';
import { readJson } from '../../ui/json-text.ts';
import { PathInput } from '../filters/path-input.tsx';
import {
  coalesce,
  directiveValue,
  kindOf,
  mappingPath,
  optionOf,
  shownPath,
  textOf,
  withOption,
} from './expression.ts';
import type { ExpressionInputProps } from './expression-props.ts';
import { KindSelect } from './kind-select.tsx';
import { LiteralInput } from './literal-input.tsx';
import classes from './mappings.module.css';
import { ObjectInput } from './object-input.tsx';

/** Functions within functions that are shown as controls; deeper ones as JSON. */
const DEPTH_MAX = 3;

/** The controls for one expression: by its kind, with expressions inside of it. */
export function ExpressionInput(props: ExpressionInputProps) {
  const { label, value, onChange, paths, field, depth = 0, error } = props;
  const kind = depth > DEPTH_MAX ? 'other' : kindOf(value);
  const inner = (key: string, words: string) => (
    <Nested
      {...props}
      field={undefined}
      label={`${label}: ${words}`}
      words={words}
      value={optionOf(value, key)}
      onChange={(next) => onChange(withOption(value, key, next))}
      depth={depth + 1}
    />
  );
  switch (kind) {
    case 'path':
      return (
        <PathInput
          label={label}
          value={shownPath(textOf(directiveValue(value)))}
          onChange={(path) => onChange({ '@path': mappingPath(path) })}
          paths={paths}
          placeholder="The whole event"
          error={error}
        />
      );
    case 'template':
      return (
        <TextInput
          aria-label={label}
          value={textOf(directiveValue(value))}
          onChange={({ currentTarget }) => onChange({ '@template': currentTarget.value })}
          placeholder="Hello {{properties.name}}"
          description="Fields stand in double braces: {{userId}}"
          inputWrapperOrder={['input', 'description', 'error']}
          classNames={{ input: classes.code ?? '' }}
          error={error}
          spellCheck={false}
        />
      );
    case 'coalesce':
      return (
        <div className={classes.nested}>
          <Nested
            {...props}
            label={`${label}: first`}
            words="First"
            value={optionOf(value, 'exists')}
            onChange={(next) => onChange(coalesce(next, optionOf(value, 'else')))}
            depth={depth + 1}
          />
          {inner('else', 'Else')}
        </div>
      );
    case 'case':
      return (
        <div className={classes.nested}>
          <Choice
            label={`${label}: case`}
            value={textOf(optionOf(value, 'operator'))}
            data={[
              { value: 'lower', label: 'Small letters' },
              { value: 'upper', label: 'Capitals' },
            ]}
            onChange={(next) => onChange(withOption(value, 'operator', next))}
          />
          {inner('value', 'Of')}
        </div>
      );
    case 'replace':
      return (
        <div className={classes.nested}>
          <div className={classes.two}>
            <ShortText label={`${label}: find`} placeholder="Find" value={value} option="pattern" onChange={onChange} />
            <ShortText
              label={`${label}: put`}
              placeholder="Put in its place"
              value={value}
              option="replacement"
              onChange={onChange}
            />
          </div>
          {inner('value', 'In')}
        </div>
      );
    case 'flatten':
      return (
        <div className={classes.nested}>
          <ShortText
            label={`${label}: separator`}
            placeholder="Separator, such as ."
            value={value}
            option="separator"
            onChange={onChange}
          />
          {inner('value', 'Of')}
        </div>
      );
    case 'json':
      return (
        <div className={classes.nested}>
          <Choice
            label={`${label}: direction`}
            value={textOf(optionOf(value, 'mode'))}
            data={[
              { value: 'encode', label: 'Write as JSON' },
              { value: 'decode', label: 'Read JSON' },
            ]}
            onChange={(next) => onChange(withOption(value, 'mode', next))}
          />
          {inner('value', 'Of')}
        </div>
      );
    case 'list':
      return <ListInput {...props} depth={depth + 1} />;
    case 'object':
      return (
        <ObjectInput
          label={label}
          value={isJsonObject(value) ? value : {}}
          onChange={onChange}
          paths={paths}
          fields={field?.properties ?? []}
          error={error}
          renderMember={(member) => <ExpressionInput {...member} depth={depth + 1} />}
        />
      );
    case 'literal':
      return <LiteralInput label={label} value={value} onChange={onChange} field={field} error={error} />;
    case 'other':
    default:
      return <RawInput label={label} value={value} onChange={onChange} error={error} />;
  }
}

/** An expression inside of another one, with its own kind. */
function Nested({ words, ...props }: ExpressionInputProps & { words: string }) {
  return (
    <div>
      <div className={classes.fieldHead} style={{ minHeight: 24, marginBottom: 3 }}>
        <Text size="xs" c="dimmed" style={{ flex: 1 }}>
          {words}
        </Text>
        <KindSelect
          label={`Kind of ${props.label}`}
          value={props.value}
          field={props.field}
          onChange={props.onChange}
        />
      </div>
      <ExpressionInput {...props} />
    </div>
  );
}

function ListInput({ label, value, onChange, paths, field, depth, error }: ExpressionInputProps) {
  const parts = directiveValue(value);
  const [path, shape] = Array.isArray(parts) ? parts : [];
  const set = (nextPath: Json, nextShape: Json): void => onChange({ '@arrayPath': [nextPath, nextShape] });
  return (
    <div className={classes.nested}>
      <PathInput
        label={`${label}: list`}
        value={shownPath(textOf(path))}
        onChange={(next) => set(mappingPath(next), shape ?? {})}
        paths={paths.filter(({ sample }) => Array.isArray(sample))}
        placeholder="properties.products"
        error={error}
      />
      <Text size="xs" c="dimmed">
        Each item becomes (paths begin at the item):
      </Text>
      <ObjectInput
        label={`${label}: item`}
        value={isJsonObject(shape ?? null) ? (shape as Record<string, Json>) : {}}
        onChange={(next) => set(path ?? '', next)}
        paths={[]}
        fields={field?.properties ?? []}
        renderMember={(member) => <ExpressionInput {...member} depth={(depth ?? 0) + 1} />}
      />
    </div>
  );
}

function ShortText({
  label,
  placeholder,
  value,
  option,
  onChange,
}: {
  label: string;
  placeholder: string;
  value: Json;
  option: string;
  onChange: (value: Json) => void;
}) {
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      value={textOf(optionOf(value, option))}
      maxLength={10}
      onChange={({ currentTarget }) => onChange(withOption(value, option, currentTarget.value))}
      classNames={{ input: classes.code ?? '' }}
    />
  );
}

function Choice({
  label,
  value,
  data,
  onChange,
}: {
  label: string;
  value: string;
  data: { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <NativeSelect
      aria-label={label}
      value={value}
      data={data}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

/** Any expression as JSON: what is no JSON is not taken over. */
function RawInput({
  label,
  value,
  onChange,
  error,
}: Pick<ExpressionInputProps, 'label' | 'value' | 'onChange' | 'error'>) {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? JSON.stringify(value, undefined, 2);
  const read = readJson(text);
  return (
    <Textarea
      aria-label={`${label} as JSON`}
      value={text}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        const next = readJson(currentTarget.value);
        if (next.isJson) onChange(next.value as Json);
      }}
      onBlur={() => {
        if (read.isJson) setTyped(undefined);
      }}
      autosize
      minRows={3}
      maxRows={14}
      classNames={{ input: classes.code ?? '' }}
      error={read.isJson ? error : read.message}
      spellCheck={false}
    />
  );
}

import type { Stack } from './assembly.ts';
import { TemplateError } from './template-error.ts';

export type ParameterValue = {
  name: string;
  value: string;
  /** What Ref gives: text, or a list for list types. */
  resolved: string | string[];
  hidden: boolean;
};

/**
 * The values of a stack's parameters: those given, else the assembly's, else defaults. One without any is an error that says so, and so is a value
 * for a parameter that the template does not have. A parameter read from SSM (the bootstrap version) has its path as its value: there is no SSM here.
 */
export function parameterValues(stack: Stack, given: Readonly<Record<string, string>>): ParameterValue[] {
  const { stackName, template } = stack;
  const values = { ...stack.parameters, ...given };
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(template.Parameters, name)) {
      throw new TemplateError(`Stack ${stackName} has no parameter ${name}.`);
    }
  }
  return Object.entries(template.Parameters).map(([name, parameter]) => {
    const value = Object.hasOwn(values, name) ? values[name] : parameter.Default?.toString();
    if (value === undefined) throw new TemplateError(`Stack ${stackName} needs a value for its parameter ${name}.`);
    const { Type: type, AllowedValues: allowed, AllowedPattern: pattern } = parameter;
    const fits =
      (allowed === undefined || allowed.some((choice) => String(choice) === value)) &&
      (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value)) &&
      (type !== 'Number' || (value !== '' && Number.isFinite(Number(value))));
    if (!fits)
      throw new TemplateError(`Stack ${stackName}: ${JSON.stringify(value)} is not a value of parameter ${name}.`);
    const isList = type === 'CommaDelimitedList' || type.startsWith('List<');
    return {
      name,
      value,
      resolved: isList ? value.split(',').map((part) => part.trim()) : value,
      hidden: parameter.NoEcho,
    };
  });
}

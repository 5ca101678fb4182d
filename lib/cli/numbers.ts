import { InvalidArgumentError } from 'commander';

/** Reads an option whose value is a whole number, 1 or more. */
export const wholeNumber = (option: string) => (value: string) => {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new InvalidArgumentError(`${option} takes a whole number, 1 or more.`);
};

import { parse } from 'csv-parse/sync';

/** The rows of a CSV file, each an object by the names in its first line. */
export const rowsOf = (text) => parse(text, { columns: true });

/** A CSV file of rows, its columns in this order. */
export const csvOf = (columns, rows) =>
  [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => `${cells.map(cellOf).join(',')}\n`)
    .join('');

const cellOf = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The parts of a cell that is a list. */
export const listOf = (cell) => cell.split(';').filter((part) => part !== '');

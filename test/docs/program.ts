import path from 'node:path';
import ts from 'typescript';
import { type Block, ROOT } from './pages';

/** Where the package's own names lead. */
export const OURS: Record<string, string> = {
  'sequelize-guitars': path.join(ROOT, 'lib/index.ts'),
  'sequelize-guitars/express': path.join(ROOT, 'lib/rest/index.ts'),
  'sequelize-guitars/history': path.join(ROOT, 'lib/history/index.ts'),
  'sequelize-guitars/triggers': path.join(ROOT, 'lib/triggers/index.ts'),
  'sequelize-guitars/umzug': path.join(ROOT, 'lib/migrations/umzug.ts'),
};

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  esModuleInterop: true,
  experimentalDecorators: true,
  types: ['node', 'chai'],
  paths: Object.fromEntries(Object.entries(OURS).map(([name, file]) => [name, [file]])),
};

/** What a program may call, beside its imports: see `run`. */
const DECLARED = `declare const __expect: Chai.ExpectStatic;
declare function __fails(run: () => unknown, expected: string): Promise<void>;
declare function __sql(text: string): Promise<void>;`.replaceAll('\n', ' ');

/** Blocks as one program, whose lines bear the numbers that they have in the page. */
export function programOf(blocks: readonly Block[]): string {
  const lines = [DECLARED];
  for (const { language, text, line } of blocks) {
    const code = language === 'sql' ? `await __sql(\`${text}\`);` : text.split('\n').map(checked).join('\n');
    for (const [n, each] of code.split('\n').entries()) lines[line + n] = each;
  }
  return lines.join('\n');
}

/** `expression; // → value` and `statement; // → SomeError 23503` become assertions. */
function checked(line: string): string {
  const [, statement, expected] = /^(.+); \/\/ → (.+)$/.exec(line) ?? [];
  if (!statement || !expected) return line;
  if (/^\w*Error( \w{5})?$/.test(expected)) return `await __fails(async () => { ${statement} }, '${expected}');`;
  return `__expect(${statement}).to.deep.equal(${expected});`;
}

/** What the compiler says of programs, by the name of the page. */
export function compiled(programs: ReadonlyMap<string, string>): string[] {
  const files = new Map([...programs].map(([name, text]) => [path.posix.join(ROOT, `${name}.ts`), text]));
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile } = host;
  host.getSourceFile = (file, target, ...rest) => {
    const text = files.get(file);
    return text === undefined ? getSourceFile(file, target, ...rest) : ts.createSourceFile(file, text, target);
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], OPTIONS, host));
  return diagnostics.map((each) => ts.formatDiagnostic(each, host));
}

/** A program as the body of an async function. */
export function emitted(text: string): string {
  const compilerOptions = { ...OPTIONS, module: ts.ModuleKind.CommonJS, noEmit: false };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** One property of an interface, with those of the interfaces that its type names. */
export interface Property {
  readonly name: string;
  /** Its docstring, in one line. */
  readonly documentation: string;
  readonly properties: readonly Property[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The properties of an interface, inherited ones included. Imports are followed within the workspace, types from elsewhere have none. */
export function readProperties(path: string, interfaceName: string): readonly Property[] {
  const found = findInterface(join(root, path), interfaceName);
  if (found === undefined) throw new Error(`${path} has no interface ${interfaceName}`);
  return propertiesOf(found.declaration, found.file);
}

function propertiesOf(
  declaration: ts.InterfaceDeclaration | ts.TypeLiteralNode,
  file: ts.SourceFile,
): readonly Property[] {
  const properties = new Map<string, Property>();
  for (const parent of 'heritageClauses' in declaration ? (declaration.heritageClauses ?? []) : []) {
    for (const { expression } of parent.types) {
      for (const property of propertiesOfName(expression.getText(file), file)) properties.set(property.name, property);
    }
  }
  for (const member of declaration.members) {
    if (!ts.isPropertySignature(member)) continue;
    const name = member.name.getText(file);
    properties.set(name, { name, documentation: documentationOf(member), properties: propertiesIn(member.type, file) });
  }
  return [...properties.values()];
}

function documentationOf(member: ts.PropertySignature): string {
  const texts = ts.getJSDocCommentsAndTags(member).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '');
  return texts.join(' ').replace(/\s+/g, ' ').trim();
}

/** Through unions and lists. */
function propertiesIn(type: ts.TypeNode | undefined, file: ts.SourceFile): readonly Property[] {
  if (type === undefined) return [];
  if (ts.isUnionTypeNode(type)) return type.types.flatMap((part) => propertiesIn(part, file));
  if (ts.isArrayTypeNode(type)) return propertiesIn(type.elementType, file);
  if (ts.isTypeOperatorNode(type)) return propertiesIn(type.type, file);
  if (ts.isTypeLiteralNode(type)) return propertiesOf(type, file);
  return ts.isTypeReferenceNode(type) ? propertiesOfName(type.typeName.getText(file), file) : [];
}

function propertiesOfName(name: string, file: ts.SourceFile): readonly Property[] {
  const found = findInterface(file.fileName, name);
  return found === undefined ? [] : propertiesOf(found.declaration, found.file);
}

interface FoundInterface {
  readonly declaration: ts.InterfaceDeclaration;
  readonly file: ts.SourceFile;
}

function findInterface(path: string, name: string): FoundInterface | undefined {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) return { declaration: statement, file };
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    const specifier =
      bindings && ts.isNamedImports(bindings) && bindings.elements.find((each) => each.name.text === name);
    if (!specifier) continue;
    const module = (statement.moduleSpecifier as ts.StringLiteral).text;
    return findImported(dirname(path), module, (specifier.propertyName ?? specifier.name).text);
  }
  return undefined;
}

function findImported(folder: string, module: string, name: string): FoundInterface | undefined {
  if (module.startsWith('.')) return findInterface(join(folder, module), name);
  const [, kit] = /^@signalbox\/([a-z]+-kit|core)$/.exec(module) ?? [];
  if (kit === undefined) return undefined;
  const source = join(root, 'packages', kit, 'src');
  for (const path of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    const text = path.endsWith('.ts') ? readFileSync(join(source, path), 'utf8') : '';
    if (new RegExp(`^export interface ${name}\\b`, 'm').test(text)) return findInterface(join(source, path), name);
  }
  return undefined;
}

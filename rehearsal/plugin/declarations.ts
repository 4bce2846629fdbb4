import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { Property, PropertyType } from "./resource.ts";

/** The properties of a resource as the vendor's npm package declares them. */
export interface Declaration {
  /** What may be given. Whether a number must be whole, what replaces and what is secret is not declared. */
  readonly inputs: Readonly<Record<string, Property>>;
  /** Names of outputs that are always there. */
  readonly outputs: readonly string[];
}

/**
 * Reads what an npm package of Pulumi's declares of a resource.
 *
 * @param packageName for example `@pulumi/linode`
 * @param resource for example `VpcSubnet`
 */
export function readDeclaration(packageName: string, resource: string): Declaration {
  const folder = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  const file = parse(join(folder, `${resource.charAt(0).toLowerCase()}${resource.slice(1)}.d.ts`));
  const nested = parse(join(folder, "types", "input.d.ts"));
  const members = findInterface(file, `${resource}Args`)?.members;
  if (members === undefined) throw new Error(`${packageName} declares no ${resource}Args`);
  return { inputs: table(members, nested), outputs: outputsOf(file, resource) };
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

function findInterface(file: ts.SourceFile, name: string): ts.InterfaceDeclaration | undefined {
  const statements = file.statements.flatMap((statement): ts.Statement[] =>
    ts.isModuleDeclaration(statement) && statement.body !== undefined && ts.isModuleBlock(statement.body)
      ? [...statement.body.statements]
      : [statement],
  );
  return statements.filter(ts.isInterfaceDeclaration).find((declared) => declared.name.text === name);
}

function table(members: ts.NodeArray<ts.TypeElement>, nested: ts.SourceFile): Record<string, Property> {
  const properties = members.filter(ts.isPropertySignature).map((member): [string, Property] => {
    const shape = shapeOf(member.type, nested);
    return [member.name.getText(), member.questionToken === undefined ? { shape, required: true } : { shape }];
  });
  return Object.fromEntries(properties);
}

function shapeOf(type: ts.TypeNode | undefined, nested: ts.SourceFile): PropertyType {
  if (type === undefined) return { type: "any" };
  if (ts.isArrayTypeNode(type)) return { type: "array", items: shapeOf(type.elementType, nested) };
  if (ts.isTypeLiteralNode(type)) {
    const index = type.members.find(ts.isIndexSignatureDeclaration);
    return { type: "map", values: shapeOf(index?.type, nested) };
  }
  if (ts.isTypeReferenceNode(type)) {
    const name = type.typeName.getText();
    if (name === "pulumi.Input") return shapeOf(type.typeArguments?.[0], nested);
    const declared = findInterface(nested, name.replace(/^inputs\./, ""));
    if (declared !== undefined) return { type: "object", properties: table(declared.members, nested) };
  }
  switch (type.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { type: "string" };
    case ts.SyntaxKind.NumberKeyword:
      return { type: "number" };
    case ts.SyntaxKind.BooleanKeyword:
      return { type: "boolean" };
    default:
      return { type: "any" };
  }
}

function outputsOf(file: ts.SourceFile, resource: string): string[] {
  const declared = file.statements.filter(ts.isClassDeclaration).find((one) => one.name?.text === resource);
  const properties = [...(declared?.members ?? [])].filter(ts.isPropertyDeclaration);
  return properties.flatMap(({ name, type }) => {
    const text = type?.getText() ?? "";
    return text.startsWith("pulumi.Output<") && !text.endsWith("| undefined>") ? [name.getText()] : [];
  });
}

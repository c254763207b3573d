/** An element of Study, AdminData or Association, with all it holds. */
export interface OdmNode {
  /** '' for none. */
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly { readonly namespace: string; readonly name: string; readonly value: string }[];
  /** Elements and texts in document order; white space between elements is left out. */
  readonly children: readonly (OdmNode | string)[];
  /** Key from the sequence of the delivery: Study, MetaDataVersion, AdminData, User, Location, Association, Annotation. */
  readonly key?: number;
  /** Byte offset of the start tag in the UTF-8 stream. */
  readonly place: number;
}

export function attributeOf(node: OdmNode, name: string): string | undefined {
  return node.attributes.find((one) => one.name === name && one.namespace === '')?.value;
}

/** The elements of this local name, in the node's own namespace, directly below a node. */
export function childrenOf(node: OdmNode, name: string): OdmNode[] {
  return node.children.filter(
    (child): child is OdmNode => typeof child !== 'string' && child.name === name && child.namespace === node.namespace,
  );
}

/** The text directly inside the first child of one of these names; undefined if there is no such child. */
export function childText(node: OdmNode, ...names: string[]): string | undefined {
  const child = names.flatMap((name) => childrenOf(node, name))[0];
  return child && textOf(child);
}

export function textOf(node: OdmNode): string {
  return node.children.filter((child) => typeof child === 'string').join('');
}

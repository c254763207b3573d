import type { SyntaxNode } from '../sql/walk.ts';

/** `SELECT ...` of these, from nothing. */
export function selectOf(list: readonly SyntaxNode[], from: SyntaxNode = EMPTY): SyntaxNode {
  return {
    type: 'SELECT_NODE',
    modifiers: [],
    cte_map: { map: [] },
    select_list: list,
    from_table: from,
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  };
}

const EMPTY: SyntaxNode = { type: 'EMPTY', alias: '', sample: null };

/** A call of a function. */
export function call(name: string, children: readonly SyntaxNode[]): SyntaxNode {
  const orders = { type: 'ORDER_MODIFIER', orders: [] };
  const rest = { filter: null, order_bys: orders, distinct: false, is_operator: false, export_state: false };
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: '',
    function_name: name,
    schema: '',
    catalog: '',
    children,
    ...rest,
  };
}

/** A text. */
export function constant(value: string): SyntaxNode {
  const type = { id: 'VARCHAR', type_info: null };
  return { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', value: { type, is_null: false, value } };
}

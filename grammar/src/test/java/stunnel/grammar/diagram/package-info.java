/**
 * Draws the grammars as railroad diagrams for the documentation, from the grammar files themselves.
 * With UPDATE_GOLDEN=true in the environment the test writes them to docs/grammar.
 */
package stunnel.grammar.diagram;

/**
 * The shape of a text: what the grammars accept, as records with spans.
 * The only package that imports ANTLR, in classes that nobody else sees.
 */
@NullMarked
package stunnel.parser.syntax;

import org.jspecify.annotations.NullMarked;

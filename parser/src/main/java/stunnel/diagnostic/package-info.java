/**
 * What is wrong with a text, where, and what to type instead: one record, one catalogue of ids and wordings, one rendering.
 * Nothing here knows what is compiled, and nothing is imported but java.base.
 */
@NullMarked
package stunnel.diagnostic;

import org.jspecify.annotations.NullMarked;

/**
 * A settings file as flat values, each with its place in the file.
 * The only package that imports Typesafe Config, in classes that nobody else sees.
 */
@NullMarked
package stunnel.config.hocon;

import org.jspecify.annotations.NullMarked;

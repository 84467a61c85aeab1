/*
 * One option of the plugstack line, such as ssh_args=-o|Port=2222 or helpertask_args=>>/var/log/x|2>&1.
 * A bar stands for a blank, since Slurm splits at blanks; quotes and redirections are a shell's, and nothing else of it is.
 */
grammar PluginArgs;

// ---------------------------------------------------------------- entry

option
    : key EQUALS value EOF
    ;

// ---------------------------------------------------------------- words and redirections

key
    : TEXT
    ;

value
    : BAR* (item (BAR+ item)*)? BAR*
    ;

item
    : word                                                    # plainItem
    | redirection                                             # redirectionItem
    ;

redirection
    : fd? LESS BAR* word                                      # read
    | fd? GREATER BAR* word                                   # write
    | fd? APPEND BAR* word                                    # append
    | fd? DUPLICATE fd                                        # duplicate
    | BOTH BAR* word                                          # writeBoth
    ;

fd
    : DIGITS
    ;

word
    : part+
    ;

part
    : TEXT                                                    # plain
    | DIGITS                                                  # plainDigits
    | EQUALS                                                  # plainEquals
    | ESCAPED                                                 # escaped
    | SINGLE                                                  # singleQuoted
    | DOUBLE                                                  # doubleQuoted
    ;

// ---------------------------------------------------------------- tokens

APPEND    : '>>' ;
BAR       : '|' ;
BOTH      : '&>' ;
DUPLICATE : '>&' ;
EQUALS    : '=' ;
GREATER   : '>' ;
LESS      : '<' ;

DIGITS    : [0-9]+ ;
DOUBLE    : '"' (~[\u0000-\u001F\u007F"\\$`] | '\\' ~[\u0000-\u001F\u007F])* '"' ;
ESCAPED   : '\\' ~[\u0000-\u001F\u007F] ;
SINGLE    : '\'' ~[\u0000-\u001F\u007F']* '\'' ;
TEXT      : ~[\u0000-\u0020\u007F|'"\\<>&;`$()=]+ ;

// What no rule takes: a shell would run it, expand it, or wait for the rest of it.
BLANKS       : [ \t\r\n]+ ;
EXPANDED     : '"' (~[\u0000-\u001F\u007F"\\] | '\\' ~[\u0000-\u001F\u007F])* '"' ;
SHELL        : '`' ~[`]* '`'? | '$(' ~[)]* ')'? | '${' ~[}]* '}'? | '$' [A-Za-z0-9_]* | '&&' | [&;()] ;
UNSUPPORTED  : '<<' '<'? | '<>' | '<&' | '&>>' ;
UNTERMINATED : '\'' ~[\u0000-\u001F\u007F']* | '"' (~[\u0000-\u001F\u007F"\\] | '\\' ~[\u0000-\u001F\u007F])* ;

UNEXPECTED   : . ;

/*
 * One line of plugstack.conf, as Slurm splits it: at blanks alone, with a comment from the first # on, and without quotes,
 * escapes or continuation.
 */
grammar Plugstack;

// ---------------------------------------------------------------- entry

line
    : entry? COMMENT? EOF
    ;

// ---------------------------------------------------------------- entries

entry
    : flag path argument*                                     # pluginEntry
    | INCLUDE path argument*                                  # includeEntry
    | flag                                                    # flagAlone
    | INCLUDE                                                 # includeAlone
    | WORD argument*                                          # foreignEntry
    ;

flag
    : OPTIONAL                                                # optionalPlugin
    | REQUIRED                                                # requiredPlugin
    ;

path
    : argument
    ;

argument
    : INCLUDE                                                 # wordInclude
    | OPTIONAL                                                # wordOptional
    | REQUIRED                                                # wordRequired
    | WORD                                                    # word
    ;

// ---------------------------------------------------------------- tokens

INCLUDE  : 'include' ;
OPTIONAL : 'optional' ;
REQUIRED : 'required' ;

BLANKS   : [ \t\n]+ -> skip ;
COMMENT  : '#' ~[\n]* ;
WORD     : ~[ \t\n#]+ ;

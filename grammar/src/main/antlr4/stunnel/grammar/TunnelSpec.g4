/*
 * The value of --tunnel: one or more forwards, in the words of ssh(1).
 * Shape alone; the compiler checks ports, addresses, lengths and what is there twice.
 */
grammar TunnelSpec;

// ---------------------------------------------------------------- entry

spec
    : forward (COMMA forward)* EOF
    ;

// ---------------------------------------------------------------- forwards

forward
    : (name EQUALS)? DASH? direction? ends                    # portForward
    | (name EQUALS)? DASH? DYNAMIC (bind COLON)? listen       # dynamicForward
    ;

direction
    : LOCAL                                                   # local
    | REMOTE                                                  # remote
    ;

ends
    : port                                                    # samePort
    | listen COLON target                                     # toLocalhost
    | listen COLON host COLON target                          # toHost
    | bind COLON listen COLON host COLON target               # boundToHost
    | listen COLON path                                       # toSocket
    | path COLON target                                       # socketToLocalhost
    | path COLON host COLON target                            # socketToHost
    | path COLON path                                         # socketToSocket
    ;

// ---------------------------------------------------------------- fields

bind
    : host                                                    # oneAddress
    | ANY                                                     # everyAddress
    ;

listen
    : port                                                    # listenPort
    | range                                                   # listenRange
    | AUTO                                                    # listenAuto
    ;

target
    : port                                                    # targetPort
    | range                                                   # targetRange
    ;

host
    : label (DOT label)* DOT?                                 # dnsNameOrIpv4
    | IPV6                                                    # ipv6
    ;

label
    : (AUTO | DASH | DYNAMIC | LOCAL | NUMBER | REMOTE | WORD)+
    ;

name
    : (AUTO | DYNAMIC | LOCAL | NUMBER | REMOTE | WORD)+
    ;

path
    : PATH
    ;

port
    : NUMBER
    ;

range
    : NUMBER DASH NUMBER
    ;

// ---------------------------------------------------------------- tokens

AUTO    : 'auto' ;
DYNAMIC : 'D' ;
LOCAL   : 'L' ;
REMOTE  : 'R' ;

ANY     : '*' ;
COLON   : ':' ;
COMMA   : ',' ;
DASH    : '-' ;
DOT     : '.' ;
EQUALS  : '=' ;

IPV6    : '[' [0-9A-Fa-f:.]+ ']' ;
NUMBER  : [0-9]+ ;
PATH    : '/' [A-Za-z0-9._/+@-]* ;
// L, R and D are tokens of their own, so that L8001 is a direction and a port.
WORD    : [A-CE-KM-QS-Za-z_] [A-CE-KM-QS-Za-z_0-9]* ;

UNEXPECTED : . ;

/** Tests of the testkit, and the contract of the document store. */
@NullMarked
package io.clientele.testkit;

import org.jspecify.annotations.NullMarked;

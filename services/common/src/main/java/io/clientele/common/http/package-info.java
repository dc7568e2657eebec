/** What every HTTP answer of every service carries. */
@NullMarked
package io.clientele.common.http;

import org.jspecify.annotations.NullMarked;

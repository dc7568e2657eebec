package io.clientele.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DatasetsTest {
    @Test
    void aMissingFileNamesTheFolderAndTheRemedy() {
        assertThatThrownBy(() -> Datasets.file("no-such-set", "file.csv"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no no-such-set/file.csv in ")
                .hasMessageContaining("set CLIENTELE_DATASETS");
    }
}

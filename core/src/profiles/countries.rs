//! The countries of ISO 3166-1, by their two letters.

/// Every officially assigned code, in order, without separators.
const CODES: &str = "\
ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEE\
EGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLC\
LILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW\
SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";

/// Whether the text is the code of a country, in capital letters as the standard writes them.
pub(super) fn is_country(text: &str) -> bool {
    text.len() == 2 && CODES.as_bytes().as_chunks::<2>().0.iter().any(|code| code == text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_that_of_the_standard() {
        let (codes, rest) = CODES.as_bytes().as_chunks::<2>();
        assert!(rest.is_empty());
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted() && codes.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn a_code_is_two_capital_letters_of_a_country() {
        for code in ["ES", "IT", "PE", "PL", "AX", "ZW"] {
            assert!(is_country(code), "{code}");
        }
        // Of ISO 3166-1 but three letters, not assigned, no capitals, between two codes of the list.
        for other in ["ESP", "UTO", "XX", "EU", "UK", "es", "", "E", "DA", "ñ"] {
            assert!(!is_country(other), "{other}");
        }
    }
}
